/**
 * The journal and the dead letters, kept in Chronicle Queue; the only package that imports it.
 *
 * <p>Chronicle writes: it maps the files ahead and publishes an excerpt with one compare-and-set, so that a killed
 * process leaves nothing torn. Reading is our own ({@link io.ringline.router.journal.JournalReader}): it walks the
 * files with plain reads, takes no lock, changes nothing, and trusts no number it finds.
 */
@org.jspecify.annotations.NullMarked
package io.ringline.router.journal;
