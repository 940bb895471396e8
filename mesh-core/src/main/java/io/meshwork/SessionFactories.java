package io.meshwork;

import io.meshwork.internal.metrics.MetricsBackend;
import io.meshwork.internal.metrics.MetricsSink;
import io.meshwork.internal.mirror.MirrorBackend;
import io.meshwork.product.Principal;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The session factories of an open mesh. Without {@link PrincipalCredentials}, all principals share
 * one; with it, each has one with its own credentials. Thread-safe.
 */
final class SessionFactories {
  private final SessionFactory own;
  private final @Nullable PrincipalCredentials credentials;
  private final Function<PrincipalCredentials.Ports, SessionFactory> opener;
  private final Map<Principal, SessionFactory> others = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * Creates the factories.
   *
   * @param own the factory of this process
   * @param credentials null if the backend does not authenticate principals; closed with the
   *     factories
   * @param opener opens the factory of another principal
   */
  SessionFactories(
      SessionFactory own,
      @Nullable PrincipalCredentials credentials,
      Function<PrincipalCredentials.Ports, SessionFactory> opener) {
    this.own = own;
    this.credentials = credentials;
    this.opener = opener;
  }

  /** Returns the factory of this process. */
  SessionFactory own() {
    return own;
  }

  /** Returns who this process is; empty if the backend does not authenticate principals. */
  Optional<Principal> self() {
    return Optional.ofNullable(credentials).map(PrincipalCredentials::self);
  }

  /** Returns the mirrors of the backend; empty if it has none. */
  Optional<MirrorBackend> mirrors() {
    return credentials instanceof MirrorBackend mirrors ? Optional.of(mirrors) : Optional.empty();
  }

  /** Returns where operating runs report; empty if the backend has no monitoring service. */
  Optional<MetricsSink> metrics() {
    return credentials instanceof MetricsBackend backend ? backend.metrics() : Optional.empty();
  }

  /**
   * Returns the factory of a principal; after {@link #close} the factory of this process, with
   * which every operation fails.
   *
   * @throws io.meshwork.error.AccessDeniedException if this process may not act as the principal
   */
  SessionFactory of(Principal principal) {
    PrincipalCredentials connected = credentials;
    if (connected == null || closed || principal.equals(connected.self())) {
      return own;
    }
    SessionFactory factory =
        others.computeIfAbsent(principal, reader -> opener.apply(connected.as(reader)));
    if (closed) {
      closeOther(principal);
      return own;
    }
    return factory;
  }

  /** Closes all factories, and then the credentials of their principals. */
  void close() {
    closed = true;
    try {
      closeAll();
    } finally {
      if (credentials != null) {
        credentials.close();
      }
    }
  }

  private void closeAll() {
    RuntimeException failure = null;
    for (Principal principal : others.keySet()) {
      try {
        closeOther(principal);
      } catch (RuntimeException e) {
        failure = e;
      }
    }
    own.close();
    if (failure != null) {
      throw failure;
    }
  }

  /** A factory is closed once: by {@link #close}, or by the call that opened it meanwhile. */
  private void closeOther(Principal principal) {
    SessionFactory factory = others.remove(principal);
    if (factory != null) {
      factory.close();
    }
  }
}
