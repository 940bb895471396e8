package io.meshwork.internal.consumers;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.PositionEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.UsageEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.Schema;

/**
 * Reads what the subscriptions of products need, each once for all of them: major versions, rights
 * of readers, and the positions and uses of a consumer. For one thread.
 */
final class SubscriberReads {
  private final ClientSession session;
  private final Map<MajorVersion, KnownMajor> majors = new HashMap<>();
  private final Map<Reader, Boolean> permitted = new HashMap<>();
  private final Map<Key, Map<Key, VersionedDocument>> listed = new HashMap<>();

  SubscriberReads(ClientSession session) {
    this.session = session;
  }

  /** A major version, with the columns of its contract. */
  record KnownMajor(VersionEntry version, Schema columns) {
    static KnownMajor of(VersionEntry version) {
      return new KnownMajor(version, IcebergSchemas.fromAvro(version.contract().schema()));
    }
  }

  private record Reader(Principal principal, MajorVersion major) {}

  KnownMajor major(ProductName product, int major) {
    return majors.computeIfAbsent(
        new MajorVersion(product, major),
        key ->
            KnownMajor.of(
                session.catalog().requireFor(Use.DESCRIBE, product, major, action(product))));
  }

  private static MeshAction action(ProductName product) {
    return MeshAction.of(Verb.LIST, "subscribers of " + product);
  }

  /** True if a principal may read something of a major version. */
  boolean mayRead(Principal principal, ProductName product, VersionEntry version) {
    return permitted.computeIfAbsent(
        new Reader(principal, new MajorVersion(product, version.major())),
        key ->
            session
                .policy()
                .permission(
                    principal,
                    session.catalog().requireProduct(product, action(product)),
                    version,
                    session.runtime().clock().instant())
                .permission()
                .isPresent());
  }

  Optional<UsageEntry> usage(String partition, ProductName product, String name, int major) {
    return find(RegistryKeys.usage(partition, product, name, major), RegistryKeys.usages(product))
        .map(UsageEntry::of);
  }

  Optional<PositionEntry> position(String partition, ProductName product, String name) {
    return find(RegistryKeys.position(partition, product, name), RegistryKeys.positions(product))
        .map(PositionEntry::of);
  }

  private Optional<VersionedDocument> find(Key key, String prefix) {
    Optional<VersionedDocument> entry =
        Optional.ofNullable(
            listed.computeIfAbsent(new Key(key.partition(), prefix), each -> list(each)).get(key));
    // One that cannot be read fails, as it says why.
    return entry.filter(VersionedDocument::isUnreadable).isPresent()
        ? session.ledger().read(key)
        : entry;
  }

  private Map<Key, VersionedDocument> list(Key prefix) {
    Map<Key, VersionedDocument> all = new HashMap<>();
    session
        .ledger()
        .listLenient(prefix.partition(), prefix.sort())
        .forEach(stored -> all.put(stored.key(), stored));
    return all;
  }
}
