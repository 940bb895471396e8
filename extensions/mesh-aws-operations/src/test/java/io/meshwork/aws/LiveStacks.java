package io.meshwork.aws;

import io.meshwork.internal.runtime.Sleeper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.CloudFormationException;
import software.amazon.awssdk.services.cloudformation.model.Stack;

/** The stacks of a live account whose names have the prefix of the run. */
record LiveStacks(AwsLiveAccount live, CloudFormationClient client) implements AutoCloseable {
  private static final int MAX_PAUSES = 240;
  private static final Duration PAUSE = Duration.ofSeconds(3);

  static LiveStacks of(AwsLiveAccount live) {
    return new LiveStacks(live, live.client(CloudFormationClient.builder()));
  }

  private Optional<String> find(String stack) {
    try {
      return client.describeStacks(get -> get.stackName(stack)).stacks().stream()
          .map(Stack::stackStatusAsString)
          .findFirst();
    } catch (CloudFormationException e) {
      if (String.valueOf(e.getMessage()).contains("does not exist")) {
        return Optional.of("DELETE_COMPLETE");
      }
      throw e;
    }
  }

  private static boolean isDone(String status) {
    return !status.endsWith("_IN_PROGRESS");
  }

  /** Deletes all stacks with the prefix; returns those that are left, with the reasons. */
  List<String> removeAll() {
    List<String> left = new ArrayList<>();
    // The deployer last: that of a run that was killed may have made the others.
    List<String> names =
        client.describeStacksPaginator().stacks().stream()
            .map(Stack::stackName)
            .filter(live::owns)
            .sorted(Comparator.comparing((String name) -> name.endsWith("-deployer")))
            .toList();
    for (String name : names) {
      try {
        client.updateTerminationProtection(
            change -> change.stackName(name).enableTerminationProtection(false));
        client.deleteStack(delete -> delete.stackName(name));
        String status = awaited(() -> find(name).filter(LiveStacks::isDone));
        if (!status.equals("DELETE_COMPLETE")) {
          left.add("stack " + name + ": " + status);
        }
      } catch (SdkException | IllegalStateException e) {
        left.add("stack " + name + ": " + e.getMessage());
      }
    }
    return left;
  }

  /**
   * Asks until there is an answer.
   *
   * @throws IllegalStateException if there is none for twelve minutes
   */
  static <T> T awaited(Supplier<Optional<T>> question) {
    for (int pauses = 0; pauses < MAX_PAUSES; pauses++) {
      Optional<T> answer = question.get();
      if (answer.isPresent()) {
        return answer.get();
      }
      try {
        Sleeper.real().sleep(pauses == 0 ? Duration.ofMillis(1) : PAUSE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }
    throw new IllegalStateException("AWS gave no answer in time");
  }

  @Override
  public void close() {
    client.close();
  }
}
