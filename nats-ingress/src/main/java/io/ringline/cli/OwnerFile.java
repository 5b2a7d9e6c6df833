package io.ringline.cli;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file for what others are not to read: created for its owner only. It appears under its name when it is complete; until then
 * it is beside that, with {@code .unfinished} behind it. Not thread-safe.
 */
final class OwnerFile implements AutoCloseable {
    private static final String UNFINISHED = ".unfinished";

    private final Path file;
    private final Path unfinished;
    private final boolean force;
    private final OutputStream out;
    private boolean complete;

    private OwnerFile(final Path file, final Path unfinished, final boolean force, final OutputStream out) {
        this.file = file;
        this.unfinished = unfinished;
        this.force = force;
        this.out = out;
    }

    /**
     * Creates it.
     *
     * @param force whether a file of that name is replaced when this one is complete.
     * @throws CommandFailure where there is one, or it cannot be written.
     */
    static OwnerFile create(final File name, final boolean force) {
        final Path file = name.toPath();
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                throw refused(name, "it is no regular file; give another name", null);
            }
            if (!force) {
                throw refused(name, "it exists; give another name, or --force to replace it", null);
            }
        }
        final Path unfinished = Path.of(name + UNFINISHED);
        try {
            if (force) {
                Files.deleteIfExists(unfinished);
            }
            return new OwnerFile(
                    file,
                    unfinished,
                    force,
                    Channels.newOutputStream(Files.newByteChannel(
                            unfinished,
                            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            ownerOnly(file))));
        } catch (final FileAlreadyExistsException left) {
            throw refused(
                    name, unfinished + " is being written, or left of what was broken off; --force removes it", left);
        } catch (final IOException failure) {
            throw refused(name, failure.toString(), failure);
        }
    }

    private static FileAttribute<?>[] ownerOnly(final Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static CommandFailure refused(final File name, final String why, final @Nullable Throwable cause) {
        return new CommandFailure(ExitStatus.CANNOT_WRITE, "cannot write --output " + name + ": " + why, cause);
    }

    OutputStream out() {
        return out;
    }

    /** Gives it its name. */
    void complete() {
        try {
            out.close();
            complete = true;
            if (force) {
                Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
            } else {
                Files.move(unfinished, file);
            }
        } catch (final IOException failure) {
            throw refused(file.toFile(), failure + "; what there is of it is " + unfinished, failure);
        }
    }

    /** Removes what is not complete. */
    @Override
    public void close() {
        if (!complete) {
            try {
                out.close();
                Files.deleteIfExists(unfinished);
            } catch (final IOException failure) {
                throw refused(file.toFile(), failure + "; remove " + unfinished, failure);
            }
        }
    }
}
