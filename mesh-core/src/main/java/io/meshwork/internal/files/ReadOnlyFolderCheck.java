package io.meshwork.internal.files;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Checks of a folder that may only be read, before its files are listed. Stateless. */
final class ReadOnlyFolderCheck {
  private ReadOnlyFolderCheck() {}

  /** True if one folder is in the other one, or the same. */
  static boolean overlap(Path first, Path second) {
    return first.startsWith(second) || second.startsWith(first);
  }

  /**
   * Requires that a folder is reached without links, that none in the mesh's folder leads to its
   * files, and that it is not in a table of another format, also one around what may be read.
   *
   * @param start in a folder without links that may only be read
   * @param root the mesh's folder
   * @throws InvalidRequestException if not
   */
  static void requireForeign(Path start, Path root) throws IOException {
    Path real = MeshTree.real(start);
    if (!real.equals(start)) {
      throw refused(
          start,
          "it is a link, or another spelling, of '" + real + "'",
          "Name '" + real + "' instead.");
    }
    for (Path linked : MeshTree.linkedFolders(root)) {
      if (overlap(linked, real)) {
        throw refused(
            start,
            "it contains files of the mesh itself: a link in the mesh's folder leads to '"
                + linked
                + "'",
            "Name a folder outside it.");
      }
    }
    for (Path above = real.getParent(); above != null; above = above.getParent()) {
      String format = format(above);
      if (!format.isEmpty()) {
        throw refused(
            start,
            "it is in a table of " + format + ", which has files whose rows were removed",
            "Read the table with its own engine, and publish the rows.");
      }
    }
  }

  /** The format of the table in a folder; empty if it has none. */
  private static String format(Path folder) throws IOException {
    if (Files.isDirectory(folder.resolve("_delta_log"))) {
      return "Delta Lake";
    } else if (Files.isDirectory(folder.resolve(".hoodie"))) {
      return "Hudi";
    }
    Path metadata = folder.resolve("metadata");
    if (!Files.isDirectory(metadata)) {
      return "";
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(metadata, "*.metadata.json*")) {
      return files.iterator().hasNext() ? "Iceberg" : "";
    }
  }

  /**
   * Requires that a link is neither a folder nor a Parquet file, nor broken. Its files would have
   * several locations, or be missed.
   *
   * @throws InvalidRequestException if not
   */
  static void requireNoData(Path link) {
    String name = link.getFileName().toString();
    boolean hidden = name.startsWith("_") || name.startsWith(".");
    boolean isOther =
        Files.isRegularFile(link) && !name.toLowerCase(Locale.ROOT).endsWith(".parquet");
    if (!hidden && !isOther) {
      throw refused(
          link,
          "it is a link to '" + MeshTree.real(link) + "', and links are not followed",
          "Remove the link, or put the files in its place.");
    }
  }

  private static InvalidRequestException refused(Path path, String why, String fix) {
    return Failure.of(MeshAction.of(Verb.READ, "'" + path + "'"))
        .because(why)
        .state("Nothing was registered.")
        .fix(fix)
        .invalidRequest(ErrorCode.SOURCE_UNREADABLE);
  }
}
