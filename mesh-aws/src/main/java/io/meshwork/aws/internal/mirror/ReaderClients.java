package io.meshwork.aws.internal.mirror;

import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;

/** The clients of a role for a short time. Close them after use. Used by one thread. */
public interface ReaderClients extends AutoCloseable {
  /** Returns the data catalog of the role's account. */
  GlueClient glue();

  /** Returns Lake Formation in the role's account. */
  LakeFormationClient lakeFormation();

  @Override
  void close();
}
