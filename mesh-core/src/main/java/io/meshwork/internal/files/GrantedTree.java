package io.meshwork.internal.files;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Checks of a folder that may only be read, before its files are listed. Stateless. */
final class GrantedTree {
  private GrantedTree() {}

  /** True if one folder is in the other one, or the same. */
  static boolean overlap(Path first, Path second) {
    return first.startsWith(second) || second.startsWith(first);
  }

  /**
   * Requires that a folder is reached without links, and that none in the mesh's folder leads to
   * its files.
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
            "Name a folder beside it.");
      }
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
    boolean other =
        Files.isRegularFile(link) && !name.toLowerCase(Locale.ROOT).endsWith(".parquet");
    if (!hidden && !other) {
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
