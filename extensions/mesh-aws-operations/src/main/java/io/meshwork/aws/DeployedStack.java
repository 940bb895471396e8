package io.meshwork.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.aws.internal.AwsFailure;
import io.meshwork.aws.internal.ServiceClient;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.Sleeper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.CloudFormationClientBuilder;
import software.amazon.awssdk.services.cloudformation.endpoints.CloudFormationEndpointProvider;
import software.amazon.awssdk.services.cloudformation.model.AlreadyExistsException;
import software.amazon.awssdk.services.cloudformation.model.Capability;
import software.amazon.awssdk.services.cloudformation.model.Change;
import software.amazon.awssdk.services.cloudformation.model.ChangeSetStatus;
import software.amazon.awssdk.services.cloudformation.model.ChangeSetType;
import software.amazon.awssdk.services.cloudformation.model.CreateChangeSetRequest;
import software.amazon.awssdk.services.cloudformation.model.DescribeChangeSetResponse;
import software.amazon.awssdk.services.cloudformation.model.DifferenceType;
import software.amazon.awssdk.services.cloudformation.model.InvalidChangeSetStatusException;
import software.amazon.awssdk.services.cloudformation.model.PropertyDifference;
import software.amazon.awssdk.services.cloudformation.model.ResourceToImport;
import software.amazon.awssdk.services.cloudformation.model.StackEvent;
import software.amazon.awssdk.services.cloudformation.model.StackResourceDrift;
import software.amazon.awssdk.services.cloudformation.model.StackResourceDriftStatus;
import software.amazon.awssdk.services.cloudformation.model.TemplateStage;

/**
 * The stack of a template, as a role. Waits for CloudFormation, which works after its replies,
 * until a deadline. A denied request throws the exception of the SDK.
 *
 * @param template the template
 * @param client sends requests as the role
 * @param sleeper waits between two requests
 * @param deadline ends the waits
 */
@NullMarked
record DeployedStack(
    Template template, CloudFormationClient client, Sleeper sleeper, Deadline deadline) {
  /** How clients are opened; endpoints of the environment have no effect, as with all clients. */
  static final ServiceClient<CloudFormationClientBuilder, CloudFormationClient> SERVICE =
      new ServiceClient<>(
          CloudFormationClient.class,
          "cloudformation",
          CloudFormationClient::builder,
          builder -> builder.endpointProvider(ofRegion()));

  static final String BUCKET = "Bucket";
  static final String BUCKET_POLICY = "BucketPolicy";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final String NO_STACK = "does not exist";
  private static final String REVIEWED = "REVIEW_IN_PROGRESS";
  static final String DONE_STAYS = "What was done stays done.";

  /** How CloudFormation says that a change set has no changes. */
  private static final Pattern NO_CHANGES =
      Pattern.compile("didn't contain changes|No updates are to be performed");

  /** How it says that a resource exists, and would be deleted with its stack. */
  private static final Pattern NOT_RETAINED = Pattern.compile("RetainExceptOnCreate");

  /** Policies of the operator that stacks of other accounts add. */
  private static final Pattern OF_OTHER_STACKS =
      Pattern.compile("\"PolicyName\"\\s*:\\s*\"mirror-[0-9]{12}\"");

  /**
   * What a change set does.
   *
   * @param actions Add, Import, Modify, or Remove by the logical IDs of resources; empty if the
   *     stack is as the template
   * @param refusal why it cannot be executed; empty if it can
   */
  record Changes(String changeSet, Map<String, String> actions, String refusal) {
    Changes {
      actions = new TreeMap<>(actions);
    }

    /** Returns true if CloudFormation takes over a resource that exists. */
    boolean imports() {
      return actions.containsValue("Import");
    }

    /** Returns true if a resource is no longer in the template. */
    boolean removes() {
      return actions.containsValue("Remove");
    }
  }

  private static CloudFormationEndpointProvider ofRegion() {
    CloudFormationEndpointProvider rules = CloudFormationEndpointProvider.defaultProvider();
    return place -> rules.resolveEndpoint(place.toBuilder().endpoint(null).build());
  }

  /** Returns the status, once no operation is in progress; empty if the stack was never created. */
  Optional<String> status() {
    return waiting(
        () -> {
          Optional<String> status = currentStatus();
          return status.filter(current -> current.endsWith("_IN_PROGRESS")).isPresent()
              ? null
              : status;
        });
  }

  private Optional<String> currentStatus() {
    try {
      return sent(() -> client.describeStacks(get -> get.stackName(template.stack())))
          .stacks()
          .stream()
          .map(stack -> stack.stackStatusAsString())
          .filter(status -> !status.equals(REVIEWED) && !status.equals("DELETE_COMPLETE"))
          .findFirst();
    } catch (AwsServiceException e) {
      if (AwsFailure.codeOf(e).equals("ValidationError")
          && AwsFailure.textOf(e).contains(NO_STACK)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Returns the template of the stack. */
  JsonNode current() {
    return parsed(
        sent(() ->
                client.getTemplate(
                    get -> get.stackName(template.stack()).templateStage(TemplateStage.ORIGINAL)))
            .templateBody());
  }

  JsonNode wanted() {
    return parsed(template.body());
  }

  /** Returns the logical IDs of the resources of a template. */
  static Set<String> resources(JsonNode template) {
    Set<String> all = new TreeSet<>();
    template.path("Resources").fieldNames().forEachRemaining(all::add);
    return all;
  }

  /** Returns true if a change that creates the stack only takes over some of its resources. */
  boolean isFollowed(Changes changes) {
    return changes.actions().values().stream().allMatch("Import"::equals)
        && !changes.actions().keySet().containsAll(resources(wanted()));
  }

  /**
   * Creates a change set, in place of one with the same name, which an interrupted run left.
   *
   * @param name the name
   * @param type whether it creates, changes, or takes over resources
   * @param body the template; one of a stack that takes over has the bucket and its policy alone
   */
  Changes change(String name, ChangeSetType type, JsonNode body) {
    CreateChangeSetRequest.Builder request =
        CreateChangeSetRequest.builder()
            .stackName(template.stack())
            .changeSetName(name)
            .changeSetType(type)
            .templateBody(fitting(body));
    request.capabilities(Capability.CAPABILITY_NAMED_IAM);
    if (type == ChangeSetType.IMPORT) {
      String bucket = body.at("/Resources/Bucket/Properties/BucketName").asText();
      request.resourcesToImport(
          List.of(
              imported(BUCKET, "BucketName", bucket, "AWS::S3::Bucket"),
              imported(BUCKET_POLICY, "Bucket", bucket, "AWS::S3::BucketPolicy")));
    } else {
      request.importExistingResources(true);
    }
    try {
      sent(() -> client.createChangeSet(request.build()));
    } catch (AlreadyExistsException e) {
      sent(
          () ->
              client.deleteChangeSet(
                  delete -> delete.stackName(template.stack()).changeSetName(name)));
      sent(() -> client.createChangeSet(request.build()));
    }
    return waiting(() -> described(name));
  }

  private static ResourceToImport imported(String id, String property, String name, String type) {
    return ResourceToImport.builder()
        .logicalResourceId(id)
        .resourceType(type)
        .resourceIdentifier(Map.of(property, name))
        .build();
  }

  /** A template with white space is larger than one without. */
  private String fitting(JsonNode body) {
    return body.equals(wanted()) ? template.body() : body.toString();
  }

  private @Nullable Changes described(String name) {
    Map<String, String> actions = new TreeMap<>();
    String[] next = new String[1];
    do {
      DescribeChangeSetResponse page =
          sent(
              () ->
                  client.describeChangeSet(
                      get ->
                          get.stackName(template.stack()).changeSetName(name).nextToken(next[0])));
      if (page.status() == ChangeSetStatus.FAILED) {
        String reason = page.statusReason() == null ? "no reason is given" : page.statusReason();
        return new Changes(name, Map.of(), NO_CHANGES.matcher(reason).find() ? "" : reason);
      }
      if (page.status() != ChangeSetStatus.CREATE_COMPLETE) {
        return null;
      }
      for (Change change : page.changes()) {
        actions.put(
            change.resourceChange().logicalResourceId(), change.resourceChange().actionAsString());
      }
      next[0] = page.nextToken();
    } while (next[0] != null);
    return new Changes(name, actions, "");
  }

  /** Returns true if resources exist that the template would delete with the stack. */
  static boolean isForUnretained(Changes changes) {
    return NOT_RETAINED.matcher(changes.refusal()).find();
  }

  /** Protects the stack from deletion by mistake. It is idempotent. */
  void protect() {
    sent(
        () ->
            client.updateTerminationProtection(
                change -> change.stackName(template.stack()).enableTerminationProtection(true)));
  }

  /** Returns true if the stack cannot be deleted by mistake. */
  boolean isProtected() {
    return sent(() -> client.describeStacks(get -> get.stackName(template.stack())))
        .stacks()
        .stream()
        .allMatch(stack -> Boolean.TRUE.equals(stack.enableTerminationProtection()));
  }

  /**
   * Executes a change set, and waits for its end.
   *
   * @return the status of the stack
   */
  String execute(String changeSet) {
    try {
      sent(
          () ->
              client.executeChangeSet(
                  run ->
                      run.stackName(template.stack())
                          .changeSetName(changeSet)
                          .clientRequestToken(changeSet)));
    } catch (InvalidChangeSetStatusException e) {
      // Another run executes it; the status of the stack tells how that ends.
    }
    return status().orElse(REVIEWED);
  }

  /** Returns why resources failed in the last operation, by their logical IDs and names. */
  Map<String, String> failures() {
    Map<String, String> failures = new LinkedHashMap<>();
    for (StackEvent event :
        sent(() -> client.describeStackEvents(get -> get.stackName(template.stack())))
            .stackEvents()) {
      // The newest is first; the start of the last operation ends it.
      if (template.stack().equals(event.logicalResourceId())
          && String.valueOf(event.resourceStatusReason()).equals("User Initiated")) {
        break;
      }
      if (event.resourceStatusReason() != null
          && event.resourceStatusAsString().endsWith("_FAILED")
          && !event.resourceStatusReason().contains("cancelled")) {
        failures.put(named(event), event.resourceStatusReason());
      }
    }
    return failures;
  }

  private static String named(StackEvent event) {
    String name = event.physicalResourceId();
    return event.logicalResourceId() + (name == null || name.isEmpty() ? "" : " (" + name + ")");
  }

  /** Returns what differs from the stack, such as {@code Bucket/Tags, not as in the template}. */
  List<String> differences() {
    List<String> differences = new ArrayList<>();
    for (Map.Entry<String, JsonNode> resource : wanted().path("Resources").properties()) {
      String id = resource.getKey();
      StackResourceDrift drift;
      try {
        drift =
            sent(() ->
                    client.detectStackResourceDrift(
                        get -> get.stackName(template.stack()).logicalResourceId(id)))
                .stackResourceDrift();
      } catch (AwsServiceException e) {
        if (AwsFailure.codeOf(e).equals("ValidationError")) {
          continue; // CloudFormation compares no resources of this type
        }
        if (!AwsFailure.isDenied(e)) {
          throw e;
        }
        differences.add(id + " could not be compared, because its settings cannot be read");
        continue;
      }
      if (drift.stackResourceDriftStatus() == StackResourceDriftStatus.DELETED) {
        differences.add(id + " was deleted");
      }
      for (PropertyDifference difference : drift.propertyDifferences()) {
        if (difference.differenceType() != DifferenceType.ADD
            || !OF_OTHER_STACKS.matcher(String.valueOf(difference.actualValue())).find()) {
          differences.add(id + difference.propertyPath() + ", not as in the template");
        }
      }
    }
    return differences;
  }

  private <T> T waiting(Supplier<@Nullable T> answer) {
    Duration pause = FIRST_PAUSE;
    while (true) {
      T result = answer.get();
      if (result != null) {
        return result;
      }
      deadline.checkTime(action(), DONE_STAYS);
      try {
        sleeper.sleep(shorter(pause, deadline.left()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw interrupted(e);
      }
      pause = shorter(pause.multipliedBy(2), LONGEST_PAUSE);
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private MeshAction action() {
    return MeshAction.of(
        Verb.UPDATE, "the stack " + template.stack() + " in the account " + template.account());
  }

  private <T> T sent(Supplier<T> request) {
    return sent("CloudFormation did not complete a request", request);
  }

  /**
   * Sends a request; failures that are not about the stack are the backend's.
   *
   * @param failure what a failure means
   */
  <T> T sent(String failure, Supplier<T> request) {
    try {
      return request.get();
    } catch (AbortedException e) {
      throw interrupted(e);
    } catch (SdkException e) {
      if (e instanceof AwsServiceException && !AwsFailure.isPassing(e)) {
        throw e;
      }
      throw unavailable(failure, e);
    }
  }

  private BackendException interrupted(Exception cause) {
    return Failure.of(action())
        .because("the thread was interrupted")
        .state(DONE_STAYS)
        .fix("Run it again to continue.")
        .cause(cause)
        .passing(ErrorCode.INTERRUPTED);
  }

  private BackendException unavailable(String failure, SdkException e) {
    Failure failed =
        Failure.of(action())
            .because(failure + ", " + AwsFailure.describe(e))
            .state(DONE_STAYS)
            .fix(AwsFailure.fixOf(e, "Run it again to continue."))
            .cause(e);
    return AwsFailure.isPassing(e)
        ? failed.passing(ErrorCode.BACKEND_FAILED)
        : failed.lasting(ErrorCode.BACKEND_FAILED);
  }

  private static JsonNode parsed(String body) {
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      throw new UncheckedIOException("A template is not JSON", e);
    }
  }
}
