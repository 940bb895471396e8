package io.meshwork.walk;

/** A law does not hold after a step of a walk over rollouts. */
final class BrokenLaw extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final Law law;
  private final String show;

  /**
   * Names what does not hold.
   *
   * @param show statements of a program that show it; can be empty
   */
  BrokenLaw(Law law, String sentence, String show) {
    super(sentence);
    this.law = law;
    this.show = show;
  }

  Law law() {
    return law;
  }

  String show() {
    return show;
  }

  String sentence() {
    return String.valueOf(getMessage());
  }

  /** Returns the law and the words of the sentence, which a smaller walk has too. */
  String kind() {
    return law + sentence().replaceAll("\\[.*?\\]|\\d+|'[^']*'", "");
  }
}
