package io.meshwork.local;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Ends writing to a registry for all processes, by triggers of its database, because its mesh is
 * moved. Releases of Meshwork without moves obey them, too.
 *
 * @param target where the mesh is moved to
 * @param settings the settings of the move, as a hash
 */
record SqliteFence(String target, String settings) {
  /** The table with the fence. */
  static final String TABLE = "moved";

  /** What triggers refuse. */
  static final List<String> KINDS = List.of("INSERT", "UPDATE", "DELETE");

  private static final String MESSAGE = "moved to ";
  private static final Pattern MOVED = Pattern.compile("\\(" + MESSAGE + "(.*)\\)");

  /** Returns where the mesh was moved to, if this is why SQLite refused to write. */
  static Optional<String> targetIn(SQLException failure) {
    Matcher moved = MOVED.matcher(String.valueOf(failure.getMessage()));
    return moved.find() ? Optional.of(moved.group(1)) : Optional.empty();
  }

  /** Returns the statement of the trigger for one kind of writing. */
  String trigger(String kind) {
    return "CREATE TRIGGER "
        + TABLE
        + "_"
        + kind
        + " BEFORE "
        + kind
        + " ON document BEGIN SELECT RAISE(ABORT, '"
        + MESSAGE
        + target.replace("'", "''")
        + "'); END";
  }
}
