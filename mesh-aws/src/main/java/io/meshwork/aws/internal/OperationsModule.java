package io.meshwork.aws.internal;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.util.ServiceLoader;

/** What the module mesh-aws-operations has, if it is on the class path. Stateless. */
public final class OperationsModule {
  private OperationsModule() {}

  /**
   * Returns its metrics.
   *
   * @throws io.meshwork.error.InvalidRequestException if it is not on the class path
   */
  public static MetricsProvider metrics() {
    return provider(MetricsProvider.class, MeshAction.of(Verb.WRITE, "metrics to CloudWatch"));
  }

  /**
   * Returns its events.
   *
   * @param delivered what they deliver
   * @throws io.meshwork.error.InvalidRequestException if it is not on the class path
   */
  public static EventProvider events(String delivered) {
    return provider(EventProvider.class, MeshAction.of(Verb.DELIVER, delivered));
  }

  private static <P> P provider(Class<P> type, MeshAction action) {
    return ServiceLoader.load(type, type.getClassLoader())
        .findFirst()
        .orElseThrow(
            () ->
                Failure.of(action)
                    .because("the jar of mesh-aws-operations is not on the class path")
                    .state("Nothing was sent.")
                    .fix(
                        "Add the dependency io.meshwork:mesh-aws-operations, with the version of"
                            + " mesh-bom.")
                    .invalidRequest(ErrorCode.CONFIG_INVALID));
  }
}
