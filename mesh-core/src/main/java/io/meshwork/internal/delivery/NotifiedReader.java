package io.meshwork.internal.delivery;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.UsageEntry;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.session.ClientSession;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A domain that read a major version without a subscription, whose owner is notified. Immutable.
 *
 * @param domain the reading domain
 * @param contact its owner
 * @param major the major version that it read
 */
record NotifiedReader(String domain, String contact, int major) {
  /**
   * The domains that read one of these major versions in the 90 days before a time, by domain and
   * major version.
   */
  static List<NotifiedReader> of(
      ClientSession session, ProductEntry product, Set<Integer> majors, Instant at) {
    List<NotifiedReader> readers = new ArrayList<>();
    MeshAction action = MeshAction.of(Verb.NOTIFY, "the consumers of " + product.name());
    for (Catalog.Consumer consumer : session.catalog().consumers(product.name().domain())) {
      for (int major : majors.stream().sorted().toList()) {
        boolean recent =
            session
                .ledger()
                .read(
                    RegistryKeys.usage(
                        consumer.partition(),
                        product.name(),
                        UsageEntry.WITHOUT_SUBSCRIPTION,
                        major))
                .map(UsageEntry::of)
                .filter(usage -> usage.at().plus(UsageEntry.RECENT).isAfter(at))
                .isPresent();
        if (recent) {
          String domain = consumer.domain();
          readers.add(
              new NotifiedReader(
                  domain, session.catalog().requireDomain(domain, action).domain().owner(), major));
        }
      }
    }
    return readers;
  }

  /** Returns {@code domain/@}. */
  String consumer() {
    return domain + "/" + UsageEntry.WITHOUT_SUBSCRIPTION;
  }

  /** Returns the suffix of the IDs of its notices. */
  String effect(String effect) {
    return effect
        + "."
        + NameGrammar.storage(domain)
        + "."
        + UsageEntry.WITHOUT_SUBSCRIPTION
        + ".v"
        + major;
  }
}
