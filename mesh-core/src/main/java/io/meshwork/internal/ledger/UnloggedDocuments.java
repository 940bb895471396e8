package io.meshwork.internal.ledger;

import java.util.List;

/**
 * The documents that no log tells of: what readers write while they read, where notifiers stand,
 * and what keeps others away for a moment. They change too often, and prove nothing that others
 * rely on. All else is proved by the log of its partition.
 */
public final class UnloggedDocuments {
  /** Sort keys of positions of subscriptions start so. */
  public static final String POSITIONS = "position/";

  /** Sort keys of notes of the last use start so. */
  public static final String USAGE = "usage/";

  /** Sort keys of holds of readers start so. */
  public static final String HOLDS = "hold/";

  /** Sort keys of cursors of notifiers start so. */
  public static final String CURSORS = "cursor/";

  /** Sort keys of what keeps new subscriptions away while a contract is amended start so. */
  public static final String AMENDING = "amending/";

  /** Sort key of the note that time has passed while nobody wrote anything. */
  public static final String CLOCK = "clock";

  private static final List<String> KINDS = List.of(POSITIONS, USAGE, HOLDS, CURSORS, AMENDING);
  private static final int VERSION_AT = 14;
  private static final char LOGGED = '7';
  private static final char UNLOGGED = '8';

  private UnloggedDocuments() {}

  /** True if no log tells of the document. */
  static boolean isUnlogged(String sort) {
    return sort.equals(CLOCK) || KINDS.stream().anyMatch(sort::startsWith);
  }

  /**
   * The id of an attempt that only writes such documents: a UUIDv8 that is otherwise the same, so
   * that a commit which the log should tell of is still known by its attempt's row.
   */
  static String attempt(String id) {
    return id.charAt(VERSION_AT) == LOGGED
        ? id.substring(0, VERSION_AT) + UNLOGGED + id.substring(VERSION_AT + 1)
        : id;
  }

  /** True if the attempt was one that only wrote such documents. */
  static boolean isAttempt(String id) {
    return id.length() > VERSION_AT && id.charAt(VERSION_AT) == UNLOGGED;
  }
}
