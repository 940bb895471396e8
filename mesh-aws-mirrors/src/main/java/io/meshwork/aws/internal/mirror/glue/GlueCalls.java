package io.meshwork.aws.internal.mirror.glue;

import io.meshwork.aws.internal.ResourceNames;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshException;
import io.meshwork.internal.mirror.Mirror.ServiceCall;
import io.meshwork.internal.mirror.MirroredCatalog;
import io.meshwork.product.Principal;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;

/** Sends requests to Glue in one account. Used by one thread. */
public final class GlueCalls {
  private final String account;
  private final ResourceNames names;
  private final Supplier<GlueClient> client;
  private final GlueFailure failure;

  /**
   * The calls in the account of a catalog.
   *
   * @param client opens a client with the credentials of {@link MirroredCatalog#runner}
   */
  public GlueCalls(MirroredCatalog catalog, ResourceNames names, Supplier<GlueClient> client) {
    this(catalog.account(), catalog.runner(), names, client);
  }

  /** The calls of a role in its account. */
  public GlueCalls(RoleClients role, ResourceNames names) {
    this(role.account(), role.role(), names, role::glue);
  }

  private GlueCalls(
      String account, Principal caller, ResourceNames names, Supplier<GlueClient> client) {
    this.account = account;
    this.names = names;
    this.client = client;
    this.failure = new GlueFailure(caller.toString());
  }

  /**
   * Sends a request.
   *
   * @param permission the IAM action that it needs, such as {@code glue:GetTable}
   * @param resource the end of the ARN that it needs it for, such as {@code database/plant}
   * @throws MeshException if it failed
   */
  public <R> R send(
      MeshAction action, String permission, String resource, Function<GlueClient, R> request) {
    try {
      return request.apply(client.get());
    } catch (RuntimeException e) {
      throw failure.of(action, permission, names.glue(account, resource), e);
    }
  }

  /** Sends a request as {@link #send}; empty if what it reads does not exist. */
  public <R> Optional<R> find(
      MeshAction action, String permission, String resource, Function<GlueClient, R> request) {
    try {
      return Optional.of(request.apply(client.get()));
    } catch (EntityNotFoundException e) {
      return Optional.empty();
    } catch (RuntimeException e) {
      throw failure.of(action, permission, names.glue(account, resource), e);
    }
  }

  /** Returns a call of a mirror that sends a request as {@link #send}. */
  public ServiceCall call(
      String command,
      MeshAction action,
      String permission,
      String resource,
      Consumer<GlueClient> request) {
    return new ServiceCall(
        command,
        () ->
            send(
                action,
                permission,
                resource,
                glue -> {
                  request.accept(glue);
                  return true;
                }));
  }
}
