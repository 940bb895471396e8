package io.meshwork.internal.table;

import io.meshwork.internal.quality.RecordChecks;
import io.meshwork.internal.runtime.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.apache.iceberg.LocationProviders;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.io.LocationProvider;
import org.apache.iceberg.types.Type;

/**
 * Locations of new data files: Iceberg's, in folders that no file system confuses. Windows and
 * macOS ignore case, Windows drops a dot at the end and refuses an asterisk. So words of a value
 * have a capital letter followed by small ones, and each other letter is percent-encoded, as are
 * such dots and asterisks: {@code city=Bern}, {@code city=%62ern}. Decoded, the name has the value.
 * Only a name that becomes too long ends in a digest instead. A table that may have folders with
 * Iceberg's own names, such as {@code city=bern}, gets none that differs from them only in case:
 * there, the first letter is always encoded. Serializable for engines; thread-safe.
 */
public final class DataLocations implements LocationProvider {
  private static final long serialVersionUID = 1L;

  /** Precedes a digest, and null next to earlier names; Iceberg encodes it in values. */
  private static final char DIGEST = '~';

  private static final int DIGEST_DIGITS = 32;
  private static final String NULL = "Null";

  /** The property of tables all of whose folders differ where case is ignored. */
  static final String PROPERTY = "meshwork.folders-differ";

  static final String IGNORING_CASE = "ignoring-case";

  private final LocationProvider iceberg;
  private final boolean foldersDiffer;

  private DataLocations(LocationProvider iceberg, boolean foldersDiffer) {
    this.iceberg = iceberg;
    this.foldersDiffer = foldersDiffer;
  }

  /** Returns the locations of a table with this folder and these properties. */
  public static LocationProvider of(String folder, Map<String, String> properties) {
    return new DataLocations(
        LocationProviders.locationsFor(folder, properties),
        IGNORING_CASE.equals(properties.get(PROPERTY)));
  }

  @Override
  public String newDataLocation(String fileName) {
    return iceberg.newDataLocation(fileName);
  }

  @Override
  public String newDataLocation(PartitionSpec spec, StructLike partition, String fileName) {
    String[] folders = spec.partitionToPath(partition).split("/", -1);
    int limit = RecordChecks.maxFolderBytes(spec);
    for (int i = 0; i < folders.length; i++) {
      if (isText(spec, i) && partition.get(i, Object.class) != null) {
        folders[i] = portable(folders[i], limit, foldersDiffer);
      } else if (isText(spec, i) && !foldersDiffer) {
        folders[i] = folders[i].replaceFirst("=null$", "=" + DIGEST + "null");
      }
    }
    return newDataLocation(String.join("/", folders) + "/" + fileName);
  }

  /** True if values of a partition can differ in what file systems ignore. */
  private static boolean isText(PartitionSpec spec, int field) {
    Type type = spec.partitionType().fields().get(field).type();
    return switch (type.typeId()) {
      case STRING, BINARY, FIXED -> true;
      default -> false;
    };
  }

  /**
   * Encodes the value in a name of a folder as Iceberg encodes it.
   *
   * @param foldersDiffer false if the table may have folders with Iceberg's own names
   */
  private static String portable(String folder, int limit, boolean foldersDiffer) {
    int start = folder.indexOf('=') + 1;
    StringBuilder name = new StringBuilder(folder.substring(0, start));
    boolean isNull = folder.substring(start).equals(NULL); // the folder "null" is for null
    boolean encodesLetter = !foldersDiffer || isNull; // the first one, in any case
    boolean inWord = false;
    for (int i = start; i < folder.length(); i++) {
      char next = folder.charAt(i);
      if (next == '%') {
        name.append(folder, i, i + 3);
        inWord = folder.charAt(i + 1) >= '8'; // part of a character beyond ASCII
        i += 2;
        continue;
      }
      boolean isCapital = next >= 'A' && next <= 'Z';
      boolean isLetter = isCapital || (next >= 'a' && next <= 'z');
      boolean isLastDot = next == '.' && i == folder.length() - 1;
      boolean isOther = isLetter && (isCapital == inWord || encodesLetter);
      encodesLetter &= !isLetter;
      if (next == '*' || isLastDot || isOther) {
        name.append(String.format(Locale.ROOT, "%%%02X", (int) next));
      } else {
        name.append(next);
      }
      inWord = isLetter;
    }
    return name.length() <= limit
        ? name.toString()
        : folder.substring(0, start) + DIGEST + digest(folder);
  }

  private static String digest(String folder) {
    return Sha256.hex(folder.getBytes(StandardCharsets.US_ASCII)).substring(0, DIGEST_DIGITS);
  }
}
