package io.meshwork.internal.explain;

import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.explain.ExplainedVersions.OfVersion;
import io.meshwork.internal.explain.MirroredRights.NamedTable;
import io.meshwork.internal.rights.RightsMirror;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Compares what the mesh lets readers read with what a service outside the mesh lets them read. A
 * version without a table is left out, because a mirror shows none. Stateless.
 */
final class MirrorDifferences {
  private MirrorDifferences() {}

  /** Returns the differences for one reader of a product; empty without such a service. */
  static List<String> of(ClientSession session, Principal reader, List<OfVersion> versions) {
    List<OfVersion> mirrored =
        session.rightsMirror().isPresent() ? mirrored(session, versions) : List.of();
    if (mirrored.isEmpty()) {
      return List.of();
    }
    MirroredRights held =
        read(
            session,
            versions.get(0).access().product().domain(),
            mirrored,
            Set.of(reader.account()));
    return differences(session, held, reader, mirrored);
  }

  /**
   * Returns the differences for some principals, and for others that the service names, of the
   * products of a domain; empty without such a service.
   *
   * @throws io.meshwork.error.AccessDeniedException if this process does not act for the domain
   */
  static List<String> ofDomain(ClientSession session, String domain, Set<Principal> readers) {
    if (session.rightsMirror().isEmpty()) {
      return List.of();
    }
    Set<String> accounts = new TreeSet<>();
    for (DomainEntry entry : session.catalog().domains()) {
      accounts.addAll(entry.domain().accounts());
    }
    List<MirroredProduct> products =
        session.catalog().products(domain).stream()
            .map(product -> MirroredProduct.of(session, product.name()))
            .toList();
    List<OfVersion> all =
        products.stream()
            .flatMap(product -> product.versionsFor(session.principal()).stream())
            .toList();
    if (all.isEmpty()) {
      return List.of();
    }
    MirroredRights held = read(session, domain, all, accounts);
    Set<Principal> everyone = new TreeSet<>(Comparator.comparing(Principal::toString));
    everyone.addAll(readers);
    everyone.addAll(held.named());
    List<String> differences = new ArrayList<>();
    for (MirroredProduct product : products) {
      for (Principal reader : everyone) {
        differences.addAll(differences(session, held, reader, product.versionsFor(reader)));
      }
    }
    return List.copyOf(differences);
  }

  /**
   * A product as one read of the registry found it.
   *
   * @param access explains each major version to a reader
   * @param majors the major versions that a mirror shows
   */
  private record MirroredProduct(Function<Principal, List<OfVersion>> access, Set<Integer> majors) {
    static MirroredProduct of(ClientSession session, ProductName product) {
      Function<Principal, List<OfVersion>> access = AccessExplanation.ofReaders(session, product);
      return new MirroredProduct(
          access,
          mirrored(session, access.apply(session.principal())).stream()
              .map(each -> each.version().major())
              .collect(Collectors.toSet()));
    }

    List<OfVersion> versionsFor(Principal reader) {
      return access.apply(reader).stream()
          .filter(each -> majors.contains(each.version().major()))
          .toList();
    }
  }

  private static MirroredRights read(
      ClientSession session, String domain, List<OfVersion> versions, Set<String> accounts) {
    RightsMirror mirror = session.rightsMirror().orElseThrow();
    return MirroredRights.read(
        mirror,
        session.ledger(),
        session.catalog(),
        domain,
        versions.stream()
            .map(each -> new NamedTable(table(each).table(), columnsOf(each)))
            .toList(),
        accounts);
  }

  private static List<String> differences(
      ClientSession session, MirroredRights held, Principal reader, List<OfVersion> versions) {
    Instant now = session.runtime().clock().instant();
    List<String> differences = new ArrayList<>();
    for (OfVersion each : versions) {
      boolean suspended = isSuspendedFor(session, reader, each);
      held.difference(
              reader,
              table(each).table(),
              suspended ? List.of() : each.access().columns(),
              suspended || each.access().everyCell(),
              now)
          .ifPresent(differences::add);
    }
    return List.copyOf(differences);
  }

  /** While reads are suspended, only the owner's accounts read. */
  private static boolean isSuspendedFor(
      ClientSession session, Principal reader, OfVersion version) {
    ProductName product = version.access().product();
    return session
            .catalog()
            .findProduct(product)
            .filter(entry -> session.catalog().isSuspended(entry, version.version().major()))
            .isPresent()
        && session
            .catalog()
            .findDomain(product.domain())
            .filter(owner -> owner.domain().accounts().contains(reader.account()))
            .isEmpty();
  }

  private static List<OfVersion> mirrored(ClientSession session, List<OfVersion> versions) {
    return versions.stream()
        .filter(each -> each.version().state().isLive())
        .filter(each -> session.tables().position(table(each)).isPresent())
        .toList();
  }

  private static TableName table(OfVersion each) {
    return TableName.of(each.access().product(), each.version().major());
  }

  private static List<String> columnsOf(OfVersion each) {
    List<String> columns = new ArrayList<>(each.access().columns());
    columns.addAll(each.access().hiddenColumns());
    return columns;
  }
}
