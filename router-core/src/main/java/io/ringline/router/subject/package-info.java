/** Subjects and patterns by nats-server's rules, templates for subjects, and which consumers a subject matches. */
@org.jspecify.annotations.NullMarked
package io.ringline.router.subject;
