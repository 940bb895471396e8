package io.meshwork.aws;

import io.meshwork.error.BackendException;
import io.meshwork.internal.ledger.MeshRoot;
import io.meshwork.product.Principal;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.NullMarked;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

/**
 * The first documents of the registry.
 *
 * @param acting this process, which makes them
 * @param processes returns what a role can do, which reads them
 */
@NullMarked
record FirstDocuments(
    AwsConfig config,
    AwsRoleCredentials acting,
    Function<Principal, AwsRoleCredentials> processes,
    InstantSource clock) {
  /** Returns true if the mesh exists; false also if its table does not. */
  boolean exist() {
    try {
      return acting.own().registry(TablePlace.ofDirectory(config)).read(MeshRoot.KEY).isPresent();
    } catch (BackendException e) {
      if (e.getCause() instanceof ResourceNotFoundException) {
        return false;
      }
      throw e;
    }
  }

  /** Makes the mesh in the table and the bucket of its account, as this process. */
  void make() {
    new AwsSetup(config, acting, clock).make(Optional.empty());
  }

  /**
   * Reads them as a role, with the registry role that is between it and the registry.
   *
   * @throws io.meshwork.error.MeshException if it cannot, or they do not exist
   */
  void requireReadBy(Principal role) {
    AwsSetup.requireMesh(config, processes.apply(role).own().ports().registry());
  }

  /** Returns the command that makes them. */
  String command() {
    return "mesh init 'aws:"
        + config.region()
        + "/"
        + config.account()
        + "/"
        + config.meshName()
        + "'";
  }

  /** Returns the name of the mesh. */
  String mesh() {
    return config.meshName();
  }
}
