package io.meshwork.walk;

/**
 * Numbers that a walk takes as arguments, of which each may be left out with those after it.
 *
 * @param usage such as {@code scripts/walk worlds [PAIRS [SEED]]}
 */
record WalkArguments(String usage, String... texts) {
  /** The exit code for arguments that do not fit. */
  private static final int USAGE = 2;

  /** Ends the process if there are more arguments than this. */
  WalkArguments atMost(int most) {
    if (texts.length > most) {
      throw refused("there are " + texts.length + " arguments, at most " + most + " are possible");
    }
    return this;
  }

  /** Reads a count. Ends the process if it is not from 1 to 2147483647. */
  int count(String name, int index, int otherwise) {
    if (texts.length <= index) {
      return otherwise;
    }
    try {
      int count = Integer.parseInt(texts[index]);
      if (count > 0) {
        return count;
      }
    } catch (NumberFormatException e) {
      // Refused below, as a number that is not positive.
    }
    throw refused(name + " is from 1 to 2147483647, not: " + texts[index]);
  }

  /** Reads a seed. Ends the process if it is not a whole number of 64 bits. */
  long seed(String name, int index, long otherwise) {
    if (texts.length <= index) {
      return otherwise;
    }
    try {
      return Long.parseLong(texts[index]);
    } catch (NumberFormatException e) {
      throw refused(name + " is a whole number, not: " + texts[index]);
    }
  }

  private IllegalStateException refused(String why) {
    System.err.println("scripts/walk: " + why + ".\nUsage: " + usage);
    System.exit(USAGE);
    return new IllegalStateException(why);
  }
}
