package io.meshwork.aws.internal.metrics;

import io.meshwork.aws.internal.AwsFailure;
import io.meshwork.aws.internal.MetricsProvider.MetricsSettings;
import io.meshwork.aws.internal.RoleSessions;
import io.meshwork.aws.internal.ServiceClient;
import io.meshwork.aws.internal.event.EventBridgeService;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.product.Principal;
import java.util.function.Function;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClientBuilder;
import software.amazon.awssdk.services.cloudwatch.endpoints.CloudWatchEndpointProvider;
import software.amazon.awssdk.services.eventbridge.model.ResourceNotFoundException;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Calls services of the account of the process: CloudWatch, and EventBridge, which knows whether
 * mail is sent. Describes failures.
 *
 * @param roles opens the client at the first call
 * @param self the role of the process
 */
record AccountCalls(RoleSessions roles, Principal self) {
  /** As with all clients of a mesh, endpoints of the environment have no effect. */
  private static final ServiceClient<CloudWatchClientBuilder, CloudWatchClient> SERVICE =
      new ServiceClient<>(
          CloudWatchClient.class,
          "cloudwatch",
          CloudWatchClient::builder,
          builder -> builder.endpointProvider(ofRegion()));

  /** The state after a request that failed or that only reads. */
  static final String UNCHANGED = "Nothing was changed.";

  private static CloudWatchEndpointProvider ofRegion() {
    CloudWatchEndpointProvider rules = CloudWatchEndpointProvider.defaultProvider();
    return place -> rules.resolveEndpoint(place.toBuilder().endpoint(null).build());
  }

  /**
   * Sends a request to CloudWatch.
   *
   * @param action what is done, for errors
   * @param permission the IAM action that it needs
   * @param resource the ARN of what it is about, or the name of all metrics
   * @param state what may have happened if the reply was lost, for errors
   * @throws MeshException if it fails
   */
  <R> R send(
      MeshAction action,
      String permission,
      String resource,
      String state,
      Function<CloudWatchClient, R> request) {
    return send(SERVICE, "CloudWatch", action, permission, resource, state, request);
  }

  /**
   * Returns true if a rule of the event bus of the mesh exists in the account of the process.
   *
   * @param rule its name
   * @throws MeshException if that is not known
   */
  boolean hasRule(MetricsSettings settings, String rule) {
    return send(
        EventBridgeService.CLIENT,
        "EventBridge",
        MeshAction.of(Verb.READ, "the rule " + rule),
        "events:DescribeRule",
        settings.names().rule(self.account(), settings.mesh(), rule),
        UNCHANGED,
        client -> {
          try {
            client.describeRule(get -> get.eventBusName("mesh-" + settings.mesh()).name(rule));
            return true;
          } catch (ResourceNotFoundException e) {
            return false;
          }
        });
  }

  private <
          B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>,
          C extends SdkAutoCloseable,
          R>
      R send(
          ServiceClient<B, C> service,
          String name,
          MeshAction action,
          String permission,
          String resource,
          String state,
          Function<C, R> request) {
    try {
      return request.apply(roles.client(self, service));
    } catch (AbortedException e) {
      throw Failure.of(action)
          .because("the thread was interrupted")
          .state(state)
          .cause(e)
          .passing(ErrorCode.INTERRUPTED);
    } catch (SdkException e) {
      Failure failed =
          Failure.of(action).state(AwsFailure.mayHaveTakenEffect(e) ? state : UNCHANGED).cause(e);
      if (AwsFailure.isDenied(e)) {
        throw AwsFailure.permissionMissing(failed, self.toString(), permission, resource, e);
      }
      Failure described = failed.because(AwsFailure.describe(e));
      throw AwsFailure.isPassing(e)
          ? described
              .fix(AwsFailure.fixOf(e, "Wait, or check the status of " + name + "."))
              .passing(ErrorCode.BACKEND_FAILED)
          : described
              .fix(AwsFailure.fixOf(e, "See what " + name + " says, and run it again."))
              .lasting(ErrorCode.BACKEND_FAILED);
    }
  }
}
