package io.meshwork.examples.story;

/** A step of a story had another result than expected. */
public final class StoryFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoryFailedException(String message) {
    super(message);
  }
}
