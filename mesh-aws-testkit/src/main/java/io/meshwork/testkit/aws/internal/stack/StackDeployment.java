package io.meshwork.testkit.aws.internal.stack;

import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Sends what {@code aws cloudformation deploy} sends. */
public final class StackDeployment {
  private static final Pattern FAILED =
      Pattern.compile(
          "<LogicalResourceId>([^<]*)</LogicalResourceId><PhysicalResourceId>[^<]*</PhysicalResourceId>"
              + "<ResourceStatus>[A-Z_]*_FAILED</ResourceStatus>"
              + "<ResourceStatusReason>([^<]*)<");

  private final FrontCalls calls;

  /**
   * Deploys as the owner of an access key.
   *
   * @param endpoint the front of the emulator
   */
  public StackDeployment(URI endpoint, String region, String accessKey) {
    calls = new FrontCalls(endpoint, region, accessKey, false);
  }

  /**
   * Creates a stack, or changes it to what a template says.
   *
   * @throws IllegalStateException if CloudFormation rejects it, or the stack was rolled back
   */
  public void deploy(String stack, String template) throws IOException {
    String changeSet = "deploy-" + UUID.randomUUID();
    Map<String, String> named = Map.of("StackName", stack, "ChangeSetName", changeSet);
    try {
      boolean exists = exists(stack);
      if (exists) {
        // The AWS CLI asks for the parameters of the stack, to retain their values.
        call("GetTemplateSummary", Map.of("StackName", stack));
      }
      call(
          "CreateChangeSet",
          Map.of(
              "StackName",
              stack,
              "ChangeSetName",
              changeSet,
              "ChangeSetType",
              exists ? "UPDATE" : "CREATE",
              "TemplateBody",
              template,
              "Capabilities.member.1",
              "CAPABILITY_NAMED_IAM"));
      String changes = finished("DescribeChangeSet", named);
      if (changes.contains("didn't contain changes")) {
        return;
      }
      if (changes.contains("<Status>FAILED</Status>")) {
        throw new IllegalStateException("The change set of '" + stack + "' failed: " + changes);
      }
      call("ExecuteChangeSet", named);
      String status = finished("DescribeStacks", Map.of("StackName", stack));
      if (status.contains("ROLLBACK")) {
        throw new IllegalStateException(
            "The stack '"
                + stack
                + "' was rolled back: "
                + reasons(call("DescribeStackEvents", Map.of("StackName", stack))));
      }
    } catch (AwsErrorException e) {
      throw new IllegalStateException(
          "Cannot deploy the stack '" + stack + "': " + e.code() + ": " + e.getMessage(), e);
    }
  }

  /** Returns the resources of failed events with the reasons. */
  private static String reasons(String events) {
    return FAILED
        .matcher(events)
        .results()
        .map(event -> event.group(1) + ": " + event.group(2))
        .collect(Collectors.joining("; "));
  }

  private boolean exists(String stack) throws IOException {
    try {
      return !call("DescribeStacks", Map.of("StackName", stack)).contains("REVIEW_IN_PROGRESS");
    } catch (AwsErrorException e) {
      if (e.code().equals("ValidationError")) {
        return false;
      }
      throw e;
    }
  }

  /** Asks until CloudFormation is done. */
  private String finished(String action, Map<String, String> parameters) throws IOException {
    String reply = call(action, parameters);
    while (reply.contains("_IN_PROGRESS<")) {
      reply = call(action, parameters);
    }
    return reply;
  }

  private String call(String action, Map<String, String> parameters) throws IOException {
    return calls.form("cloudformation", action, parameters);
  }
}
