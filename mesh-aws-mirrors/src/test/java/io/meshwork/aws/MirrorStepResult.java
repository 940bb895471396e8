package io.meshwork.aws;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;

/**
 * What a step without faults leaves. A file has those of all steps, in which a state is its
 * difference to the one before, so that a build need not walk without faults.
 *
 * @param name the name of the step
 * @param calls the calls of its run, sorted
 * @param left what the run left to people
 * @param state what the services have
 */
record MirrorStepResult(String name, List<String> calls, List<String> left, List<String> state) {
  private static final String STEP = "step ";
  private static final String CALL = "call ";
  private static final String LEFT = "left ";
  private static final String MADE = "+ ";
  private static final String GONE = "- ";

  /** Sorts the calls. */
  MirrorStepResult {
    calls = calls.stream().sorted().toList();
  }

  /** Reads the recorded results of a file; none if it was never recorded. */
  static List<MirrorStepResult> recorded(String name) {
    try (InputStream file = MirrorStepResult.class.getResourceAsStream(name)) {
      return file == null
          ? List.of()
          : read(new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<MirrorStepResult> read(List<String> lines) {
    List<MirrorStepResult> results = new ArrayList<>();
    List<String> state = List.of();
    int first = 0;
    while (first < lines.size()) {
      int next = first + 1;
      while (next < lines.size() && !lines.get(next).startsWith(STEP)) {
        next++;
      }
      List<String> step = lines.subList(first, next);
      state = new ArrayList<>(without(state, texts(GONE, step)));
      state.addAll(texts(MADE, step));
      Collections.sort(state);
      List<String> calls = new ArrayList<>();
      for (String call : texts(CALL, step)) {
        String[] parts = call.split(" ", 2);
        calls.addAll(Collections.nCopies(Integer.parseInt(parts[0]), parts[1]));
      }
      results.add(new MirrorStepResult(texts(STEP, step).get(0), calls, texts(LEFT, step), state));
      first = next;
    }
    return results;
  }

  private static List<String> texts(String start, List<String> lines) {
    return lines.stream()
        .filter(line -> line.startsWith(start))
        .map(line -> line.substring(start.length()).translateEscapes())
        .toList();
  }

  /** Returns the text of the file with these results. */
  static String text(List<MirrorStepResult> results) {
    StringBuilder text = new StringBuilder();
    List<String> before = List.of();
    for (MirrorStepResult step : results) {
      append(STEP, List.of(step.name), text);
      append(
          CALL,
          new TreeSet<>(step.calls)
              .stream().map(call -> Collections.frequency(step.calls, call) + " " + call).toList(),
          text);
      append(LEFT, step.left, text);
      append(GONE, without(before, step.state), text);
      append(MADE, without(step.state, before), text);
      before = step.state;
    }
    return text.toString();
  }

  private static void append(String start, List<String> lines, StringBuilder text) {
    for (String line : lines) {
      text.append(start).append(line.replace("\\", "\\\\").replace("\n", "\\n")).append('\n');
    }
  }

  /** Returns the lines that others do not have, as often as they do not have them. */
  static List<String> without(List<String> lines, List<String> others) {
    List<String> rest = new ArrayList<>(lines);
    others.forEach(rest::remove);
    return rest;
  }
}
