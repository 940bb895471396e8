package io.meshwork.testkit.aws.internal.access;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What the servers lack of a service. */
public interface ServiceRules {
  /** Returns the reply to a request that the server does not get; null if it gets it. */
  @Nullable AwsReply ownReply(AwsRequest request, AwsIdentity caller) throws IOException;

  /** Returns the reply to the caller, after learning from the server's. */
  AwsReply reply(AwsRequest request, AwsIdentity caller, AwsReply reply) throws IOException;
}
