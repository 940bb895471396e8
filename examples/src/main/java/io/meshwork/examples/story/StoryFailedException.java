package io.meshwork.examples.story;

/** A step of a story had another result than expected, or the story cannot run. */
public final class StoryFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates the error of a step. */
  public StoryFailedException(String message) {
    super(message);
  }

  /** Creates the error of a story that cannot run. */
  public StoryFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
