package io.meshwork.cli.internal.file;

import io.meshwork.cli.internal.shell.UsageException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;

/** A file with a secret that two programs of one user share. */
public final class TokenFile {
  private static final int BYTES = 16;

  private TokenFile() {}

  /** Reads the secret; a missing file gets a new one, which only its owner can read. */
  public static String readOrCreate(Path file) {
    try {
      if (!Files.exists(file)) {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        Files.createFile(file, ofOwner());
        restrictAccessList(file);
        Files.writeString(file, HexFormat.of().formatHex(random) + "\n");
      }
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UsageException(
          "Cannot read or create " + file + ": " + e.getClass().getSimpleName() + ".");
    }
  }

  /** On Windows, a new file has the access list of its folder. */
  private static void restrictAccessList(Path file) throws IOException {
    AclFileAttributeView view = Files.getFileAttributeView(file, AclFileAttributeView.class);
    if (view != null) {
      view.setAcl(
          List.of(
              AclEntry.newBuilder()
                  .setType(AclEntryType.ALLOW)
                  .setPrincipal(view.getOwner())
                  .setPermissions(AclEntryPermission.values())
                  .build()));
    }
  }

  /** Systems without such permissions have access lists. */
  private static FileAttribute<?>[] ofOwner() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
