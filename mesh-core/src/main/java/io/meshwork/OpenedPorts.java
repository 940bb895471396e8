package io.meshwork;

import io.meshwork.PrincipalCredentials.Ports;
import io.meshwork.meter.Meters;
import io.meshwork.registry.Registry;
import java.time.InstantSource;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/**
 * The ports that a mesh is opened with.
 *
 * @param catalogs null if the ports have one registry only
 * @param credentials null if the backend does not authenticate principals
 */
record OpenedPorts(
    Registry registry,
    FileIO files,
    @Nullable Function<String, Registry> catalogs,
    @Nullable PrincipalCredentials credentials) {

  /** Opens the ports when the mesh is opened. */
  interface Opener {
    OpenedPorts open(InstantSource clock, Meters meters);
  }

  static Opener of(Registry registry, FileIO files) {
    return (clock, meters) -> new OpenedPorts(registry, files, null, null);
  }

  /** Returns the ports of the principal that the process is. */
  static Opener through(BiFunction<InstantSource, Meters, PrincipalCredentials> opener) {
    return (clock, meters) -> {
      PrincipalCredentials credentials = opener.apply(clock, meters);
      try {
        Ports own = credentials.as(credentials.self());
        return new OpenedPorts(own.registry(), own.files(), own.catalogs(), credentials);
      } catch (RuntimeException e) {
        credentials.close();
        throw e;
      }
    };
  }

  /** Returns these ports with other credentials. */
  OpenedPorts withPrincipals(PrincipalCredentials principals) {
    return new OpenedPorts(registry, files, catalogs, principals);
  }

  /** Returns these ports with other registries of catalogs. */
  OpenedPorts withCatalogs(Function<String, Registry> registries) {
    return new OpenedPorts(registry, files, registries, credentials);
  }

  /** Returns these ports through wrappings of a test. */
  OpenedPorts through(Function<Registry, Registry> registries, Function<FileIO, FileIO> stores) {
    return new OpenedPorts(registries.apply(registry), stores.apply(files), catalogs, credentials);
  }

  void close() {
    try {
      files.close();
    } finally {
      try {
        registry.close();
      } finally {
        if (credentials != null) {
          credentials.close();
        }
      }
    }
  }
}
