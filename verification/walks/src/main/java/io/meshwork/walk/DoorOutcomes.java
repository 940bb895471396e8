package io.meshwork.walk;

import io.meshwork.error.MeshException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** How doors replied: with an answer, or with which refusals. For one thread. */
final class DoorOutcomes {
  /** Reasons that say nothing about what a principal may know. */
  private static final Set<String> OF_ARGUMENTS =
      Set.of(
          "CONTRACT_INVALID",
          "FILTER_INVALID",
          "INVALID_ARGUMENT",
          "NAME_INVALID",
          "NullPointerException",
          "READER_INVALID",
          "SOURCE_FAILED",
          "SOURCE_UNREADABLE");

  private final Set<String> answered = new TreeSet<>();
  private final Map<String, Map<String, String>> refusals = new TreeMap<>();

  void answered(String door) {
    answered.add(door);
  }

  void refused(String door, Throwable refusal) {
    String reason =
        refusal instanceof MeshException failure
            ? failure.errorCode().name()
            : refusal.getClass().getSimpleName();
    refused(door, reason, String.valueOf(refusal.getMessage()));
  }

  private void refused(String door, String reason, String message) {
    refusals.computeIfAbsent(door, each -> new TreeMap<>()).putIfAbsent(reason, message);
  }

  void add(DoorOutcomes others) {
    answered.addAll(others.answered);
    others.refusals.forEach(
        (door, reasons) -> reasons.forEach((reason, message) -> refused(door, reason, message)));
  }

  /** Returns a line for each reason of each door that only refused. */
  String refusals() {
    StringBuilder lines = new StringBuilder();
    onlyRefused()
        .forEach(
            (door, reasons) ->
                reasons.forEach(
                    (reason, message) ->
                        lines
                            .append(door)
                            .append(" only refuses: ")
                            .append(reason)
                            .append(' ')
                            .append(message)
                            .append('\n')));
    return lines.toString();
  }

  /** Returns how many doors answered, and for which reasons the others refused. */
  String summary() {
    Map<String, Map<String, String>> refused = onlyRefused();
    Map<String, Integer> reasons = new TreeMap<>();
    refused
        .values()
        .forEach(each -> each.keySet().forEach(reason -> reasons.merge(reason, 1, Integer::sum)));
    long ofArguments =
        refused.values().stream().filter(each -> OF_ARGUMENTS.containsAll(each.keySet())).count();
    return answered.size()
        + " doors answered, "
        + refused.size()
        + " only refused, "
        + ofArguments
        + " of them only their arguments. Doors by reason: "
        + reasons;
  }

  private Map<String, Map<String, String>> onlyRefused() {
    Map<String, Map<String, String>> refused = new TreeMap<>(refusals);
    refused.keySet().removeAll(answered);
    return refused;
  }
}
