package io.meshwork.internal.ledger;

import java.util.List;

/**
 * The documents that are not logged: documents that readers, notifiers, mirrors, and operators of
 * the mesh write, locks, the processes that wrote files, purged tables, the recorded time, and
 * until when a restored registry may lack commits; and documents that derive from others. They
 * change too often, and no audit depends on them. The log of its partition proves every other
 * document.
 */
public final class UnloggedDocuments {
  /** Prefix of the sort keys of positions. */
  public static final String POSITIONS = "position/";

  /** Prefix of the sort keys of usage entries. */
  public static final String USAGE = "usage/";

  /** Prefix of the sort keys of holds. */
  public static final String HOLDS = "hold/";

  /** Prefix of the sort keys of the cursors of notifiers. */
  public static final String CURSORS = "cursor/";

  /** Prefix of the sort keys of amendment locks. */
  public static final String AMENDING = "amending/";

  /** Prefix of the sort keys of what mirrors show. */
  public static final String MIRRORED = "mirrored/";

  /** Prefix of the sort keys of what mirrors found, and left unchanged. */
  public static final String OBSERVED = "observed/";

  /** Prefix of the sort keys of documents that derive from others. */
  public static final String INDEX = "index/";

  /** Prefix of the sort keys of minutes in which tables were opened. */
  public static final String OPENS = "opens/";

  /** Prefix of the sort keys of the processes that wrote files of a product's tables. */
  public static final String WRITERS = "writers/";

  /** Prefix of the sort keys of purged tables whose files may not all be deleted. */
  public static final String PURGING = "purging/";

  /** Prefix of the sort keys of what operating runs reported to a monitoring service. */
  public static final String REPORTED = "reported/";

  /** Sort key of the recorded time, for a mesh to which nothing is written for long. */
  public static final String CLOCK = "clock";

  /** Sort key of until when the registry may have lost commits to a product. */
  public static final String LOST_COMMITS = "lost-commits";

  /** Sort key of who operates the domains of a process, and until when. */
  public static final String OPERATING = "operating";

  private static final List<String> KINDS =
      List.of(
          POSITIONS, USAGE, HOLDS, CURSORS, AMENDING, MIRRORED, OBSERVED, INDEX, OPENS, WRITERS,
          PURGING, REPORTED);
  private static final int VERSION_AT = 14;
  private static final char LOGGED = '7';
  private static final char UNLOGGED = '8';

  private UnloggedDocuments() {}

  /** True if the document is not logged. */
  static boolean isUnlogged(String sort) {
    return sort.equals(CLOCK)
        || sort.equals(LOST_COMMITS)
        || sort.equals(OPERATING)
        || KINDS.stream().anyMatch(sort::startsWith);
  }

  /**
   * The ID of an attempt that only writes unlogged documents: a UUIDv8 that is otherwise the same.
   * It distinguishes such an attempt from a logged one by the attempt's row.
   */
  static String attempt(String id) {
    return id.charAt(VERSION_AT) == LOGGED
        ? id.substring(0, VERSION_AT) + UNLOGGED + id.substring(VERSION_AT + 1)
        : id;
  }

  /** True if the attempt wrote only unlogged documents. */
  static boolean isAttempt(String id) {
    return id.length() > VERSION_AT && id.charAt(VERSION_AT) == UNLOGGED;
  }
}
