package io.meshwork.internal.catalog;

import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.catalog.Catalog.RecordedContract;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Reads the major versions of products, and requires that their states allow what is done with
 * them. Thread-safe.
 */
final class MajorVersions {
  private static final String MAJORS = "major/";
  private static final String CONTRACTS = "contract/";

  private final Ledger ledger;
  private final ContractCache contracts;
  private final VisibleRollouts rollouts;

  private MajorVersions(Ledger ledger, ContractCache contracts, VisibleRollouts rollouts) {
    this.ledger = ledger;
    this.contracts = contracts;
    this.rollouts = rollouts;
  }

  static MajorVersions of(Ledger ledger, VisibleRollouts rollouts) {
    ContractCache contracts = new ContractCache();
    ledger.extend(contracts);
    return new MajorVersions(ledger, contracts, rollouts);
  }

  /** The same for a caller who sees these rollouts, with the same cache. */
  MajorVersions seenWith(VisibleRollouts visible) {
    return new MajorVersions(ledger, contracts, visible);
  }

  /**
   * Returns a major whose state allows a use.
   *
   * @throws io.meshwork.error.MeshException if there is no such major, or its state does not allow
   *     the use
   */
  VersionEntry requireFor(Use use, ProductName name, int major, MeshAction action) {
    VersionEntry version = require(name, major, action);
    requireUse(use, name, version, action);
    return version;
  }

  /**
   * Requires that the state of a major allows a use.
   *
   * @throws NotFoundException if it was retired, withdrawn, or purged, or the caller does not see
   *     it
   * @throws io.meshwork.error.ConflictException if its state does not allow the use for another
   *     reason
   */
  void requireUse(Use use, ProductName name, VersionEntry version, MeshAction action) {
    boolean publishedTogether =
        (use == Use.PUBLISH || use == Use.ERASE) && !version.publishedWith().isEmpty();
    if (!version.state().allows(Use.READ) && !rollouts.includes(name, version.major())) {
      throw missing(name, version.major(), action);
    } else if (!version.state().allows(use) && !publishedTogether) {
      throw new MajorRefusal(use, name, version, liveSuccessor(name, version), action).exception();
    }
  }

  /**
   * Returns a major, whatever its state is.
   *
   * @throws NotFoundException if the product has no such major; the message names the majors that
   *     the caller sees
   */
  private VersionEntry require(ProductName name, int major, MeshAction action) {
    VersionedDocument stored =
        ledger
            .read(RegistryKeys.major(name, major))
            .orElseThrow(() -> missing(name, major, action));
    return withContract(name, stored, action);
  }

  private NotFoundException missing(ProductName name, int major, MeshAction action) {
    return Failure.of(action)
        .because(name + " has no major version " + major + "; it has " + visible(name))
        .fix("Name one of these.")
        .notFound(ErrorCode.NOT_FOUND);
  }

  private VersionEntry withContract(ProductName name, VersionedDocument stored, MeshAction action) {
    Optional<VersionEntry> cached = contracts.find(stored);
    if (cached.isPresent()) {
      return cached.get();
    }
    ContractVersion version = MajorEntry.of(stored).status().contractVersion();
    VersionedDocument contract =
        ledger
            .read(RegistryKeys.contract(name, version))
            .orElseThrow(
                () ->
                    Failure.of(action)
                        .because(
                            "the registry has no contract "
                                + version
                                + " of "
                                + name
                                + ", which is the current one")
                        .fix("Run doctor() on the mesh.")
                        .notFound(ErrorCode.NOT_FOUND));
    return contracts.add(VersionEntry.of(stored, contract));
  }

  /** Returns the majors whose states allow a use: the current one first, then ascending. */
  List<VersionEntry> allowing(Use use, ProductEntry product, MeshAction action) {
    List<VersionEntry> versions = new ArrayList<>();
    for (VersionedDocument stored : documents(product.name())) {
      if (MajorEntry.of(stored).status().state().allows(use)) {
        VersionEntry version = withContract(product.name(), stored, action);
        versions.add(version.major() == product.currentMajor() ? 0 : versions.size(), version);
      }
    }
    return List.copyOf(versions);
  }

  /** Returns the other majors whose data exists, ascending. */
  List<VersionEntry> sharingRows(ProductName name, int major, MeshAction action) {
    return documents(name).stream()
        .filter(stored -> MajorEntry.of(stored).status().major() != major)
        .filter(stored -> MajorEntry.of(stored).status().state() != MajorState.PURGED)
        .map(stored -> withContract(name, stored, action))
        .toList();
  }

  /** Returns the majors that a product has or had, ascending. */
  List<Integer> numbers(ProductName name) {
    return documents(name).stream()
        .map(stored -> MajorEntry.of(stored).status().major())
        .sorted()
        .toList();
  }

  /** Returns the majors that the caller sees, ascending. */
  List<Integer> visible(ProductName name) {
    List<Integer> numbers = numbers(name);
    if (numbers.size() < 2) {
      return numbers;
    }
    Set<Integer> hidden = rollouts.hiddenMajors(name);
    return numbers.stream().filter(major -> !hidden.contains(major)).toList();
  }

  private List<VersionedDocument> documents(ProductName name) {
    return ledger.list(RegistryKeys.partition(name), MAJORS).stream()
        .sorted(
            (one, other) ->
                Integer.compare(
                    one.json().path("major").asInt(), other.json().path("major").asInt()))
        .toList();
  }

  /** Returns the state of a major; empty if the product has no such major. */
  Optional<MajorState> state(ProductName name, int major) {
    return ledger
        .read(RegistryKeys.major(name, major))
        .map(stored -> MajorEntry.of(stored).status().state());
  }

  /** Returns all contract versions that a major had or has, oldest first. */
  NavigableMap<ContractVersion, Contract> contracts(ProductName name, int major) {
    NavigableMap<ContractVersion, Contract> contracts = new TreeMap<>();
    recorded(name, CONTRACTS + major + ".")
        .forEach(recorded -> contracts.put(recorded.version(), recorded.contract()));
    return contracts;
  }

  /** Returns all contract versions of the majors that the caller sees, oldest first. */
  List<RecordedContract> recorded(ProductName name) {
    List<Integer> visible = visible(name);
    return recorded(name, CONTRACTS)
        .filter(recorded -> visible.contains(recorded.version().major()))
        .sorted(Comparator.comparing(RecordedContract::version))
        .toList();
  }

  private Stream<RecordedContract> recorded(ProductName name, String prefix) {
    return ledger.list(RegistryKeys.partition(name), prefix).stream().map(RecordedContract::of);
  }

  /**
   * Returns the live major to use in place of another: the major in its document, or that one's
   * successor; else the current one.
   */
  private Optional<Integer> liveSuccessor(ProductName name, VersionEntry version) {
    Set<Integer> seen = new HashSet<>(Set.of(version.major()));
    Optional<Integer> next = version.entry().succession().successor();
    while (next.isPresent() && seen.add(next.get())) {
      Optional<MajorEntry> stored =
          ledger.read(RegistryKeys.major(name, next.get())).map(MajorEntry::of);
      if (stored.filter(major -> major.status().state().isLive()).isPresent()) {
        return next;
      }
      next = stored.flatMap(major -> major.succession().successor());
    }
    return ledger
        .read(RegistryKeys.product(name))
        .map(stored -> ProductEntry.of(stored).currentMajor())
        .filter(current -> current != version.major())
        .filter(current -> state(name, current).filter(MajorState::isLive).isPresent());
  }
}
