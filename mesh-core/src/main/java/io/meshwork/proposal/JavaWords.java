package io.meshwork.proposal;

import java.util.Set;

/** What a component of a printed record may not be called. */
final class JavaWords {
  /** Of the language; {@code java.compiler} knows them and is not in every run-time image. */
  private static final String KEYWORDS =
      "abstract assert boolean break byte case catch char class const continue default do double"
          + " else enum extends false final finally float for goto if implements import instanceof"
          + " int interface long native new null package private protected public return short"
          + " static strictfp super switch synchronized this throw throws transient true try void"
          + " volatile while _";

  /** Methods that every object has, and the one that is printed. */
  private static final String METHODS =
      "clone finalize getClass hashCode notify notifyAll toString wait contract";

  private static final Set<String> RESERVED = Set.of((KEYWORDS + " " + METHODS).split(" ", -1));

  private JavaWords() {}

  static boolean isReserved(String name) {
    return RESERVED.contains(name);
  }
}
