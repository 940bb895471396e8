package io.meshwork.aws.cost;

import io.meshwork.aws.AwsMesh;
import io.meshwork.aws.CountingInterceptor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * Counts the requests of all clients of this JVM while a test measures them, also of those that
 * {@link AwsMesh} opens. The AWS SDK creates it for each client, because a resource names it.
 * Thread-safe.
 */
public final class MeasuredClients implements ExecutionInterceptor {
  private static final ExecutionInterceptor NONE = new ExecutionInterceptor() {};
  private static final AtomicReference<ExecutionInterceptor> COUNTED = new AtomicReference<>(NONE);

  /** Counts the requests from now on; null ends it. */
  static void countBy(@Nullable CountingInterceptor counting) {
    COUNTED.set(counting == null ? NONE : counting);
  }

  @Override
  public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
    return COUNTED.get().modifyRequest(context, attributes);
  }

  @Override
  public void beforeTransmission(
      Context.BeforeTransmission context, ExecutionAttributes attributes) {
    COUNTED.get().beforeTransmission(context, attributes);
  }

  @Override
  public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes attributes) {
    COUNTED.get().afterTransmission(context, attributes);
  }

  @Override
  public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
    COUNTED.get().afterExecution(context, attributes);
  }
}
