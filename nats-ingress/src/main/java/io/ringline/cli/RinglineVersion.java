package io.ringline.cli;

import picocli.CommandLine;

/** What {@code ringline --version} says. */
final class RinglineVersion implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
        final String version = RinglineVersion.class.getPackage().getImplementationVersion();
        return new String[] {
            "ringline " + (version == null ? "(not packaged)" : version),
            "Java " + Runtime.version() + " on " + System.getProperty("os.name")
        };
    }
}
