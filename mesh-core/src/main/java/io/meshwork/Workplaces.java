package io.meshwork;

import io.meshwork.product.Principal;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The workplaces of an open mesh. Without {@link Acting}, all principals share one; with it, each
 * has one with its own credentials. Thread-safe.
 */
final class Workplaces {
  private final Workplace own;
  private final @Nullable Acting acting;
  private final Function<Acting.Ports, Workplace> opener;
  private final Map<Principal, Workplace> others = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * Creates the workplaces.
   *
   * @param own that of this process
   * @param acting null if the backend does not authenticate principals; closed with the workplaces
   * @param opener opens the workplace of another principal
   */
  Workplaces(
      Workplace own, @Nullable Acting acting, Function<Acting.Ports, Workplace> opener) {
    this.own = own;
    this.acting = acting;
    this.opener = opener;
  }

  /** Returns the workplace of this process. */
  Workplace own() {
    return own;
  }

  /** Returns who this process is; empty if the backend does not authenticate principals. */
  Optional<Principal> self() {
    return Optional.ofNullable(acting).map(Acting::self);
  }

  /**
   * Returns the workplace of a principal; after {@link #close} that of this process, with which
   * every operation fails.
   *
   * @throws io.meshwork.error.AccessDeniedException if this process may not act as the principal
   */
  Workplace of(Principal principal) {
    Acting ports = acting;
    return ports == null || closed || principal.equals(ports.self())
        ? own
        : others.computeIfAbsent(principal, other -> opener.apply(ports.as(other)));
  }

  /** Closes all workplaces, and then the credentials of their principals. */
  void close() {
    closed = true;
    try {
      closeAll();
    } finally {
      if (acting != null) {
        acting.close();
      }
    }
  }

  private void closeAll() {
    RuntimeException failure = null;
    for (Workplace other : others.values()) {
      try {
        other.close();
      } catch (RuntimeException e) {
        failure = e;
      }
    }
    own.close();
    if (failure != null) {
      throw failure;
    }
  }
}
