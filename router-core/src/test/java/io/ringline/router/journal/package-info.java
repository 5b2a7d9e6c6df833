@org.jspecify.annotations.NullMarked
package io.ringline.router.journal;
