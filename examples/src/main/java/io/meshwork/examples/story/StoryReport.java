package io.meshwork.examples.story;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.List;
import java.util.Objects;

/**
 * Prints the steps of a story, each only after its result was checked, then the result of the
 * story: lines {@code STEP word: text}, then {@code RESULT} with one JSON object. Not thread-safe.
 */
public final class StoryReport {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final PrintStream out;
  private final ObjectNode result = JSON.createObjectNode();
  private int steps;

  /** Prints to a stream, which remains open. */
  public StoryReport(PrintStream out) {
    this.out = Objects.requireNonNull(out);
  }

  /**
   * Checks one step, then prints it. The text is made from what the mesh returned, so that nothing
   * is printed that was not checked.
   *
   * @throws StoryFailedException if the text is not the expected one; nothing is printed
   */
  public void step(String word, String expected, String actual) {
    if (!expected.equals(actual)) {
      throw new StoryFailedException(
          "Step '" + word + "' expected '" + expected + "' and found '" + actual + "'.");
    }
    steps++;
    out.println("STEP " + word + ": " + actual);
  }

  /** Adds a number to the result. */
  public void number(String name, long value) {
    result.put(name, value);
  }

  /** Adds a text to the result. */
  public void text(String name, String value) {
    result.put(name, value);
  }

  /** Adds true or false to the result. */
  public void flag(String name, boolean value) {
    result.put(name, value);
  }

  /** Adds names to the result, in their order. */
  public void names(String name, List<String> values) {
    values.forEach(result.putArray(name)::add);
  }

  /** Prints the result, with the number of steps. */
  public void end() {
    result.put("steps", steps);
    endWithoutSteps();
  }

  /** Prints the result as it is. */
  public void endWithoutSteps() {
    out.println("RESULT " + result);
  }
}
