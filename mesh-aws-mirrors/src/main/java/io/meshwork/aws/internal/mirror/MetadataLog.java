package io.meshwork.aws.internal.mirror;

import io.meshwork.aws.internal.mirror.glue.GlueKey;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.TableName;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds out whether the mesh wrote a metadata file, without reading files: the name of the file has
 * the ID of the attempt that wrote it, and each committed attempt is in the log of the product.
 *
 * @param session reads the log
 */
record MetadataLog(ClientSession session) {
  private static final Pattern FILE =
      Pattern.compile(
          ".*/([^/]+)/([^/]+)/metadata/[0-9]{5,}-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
              + "(?:[.]gz)?[.]metadata[.]json");

  /** Returns true if a commit of the mesh to this table wrote the file. */
  boolean wrote(GlueKey table, String location) {
    Matcher file = FILE.matcher(location);
    if (!file.matches()
        || !file.group(1).equals(table.database())
        || !file.group(2).equals(table.table())) {
      return false;
    }
    String attempt = file.group(3);
    return TableName.keyOf(table.database(), table.table())
        .filter(pointer -> session.ledger().holdsAttempt(pointer.partition(), attempt))
        .isPresent();
  }
}
