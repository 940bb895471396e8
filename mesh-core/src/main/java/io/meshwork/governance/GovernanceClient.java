package io.meshwork.governance;

import com.google.errorprone.annotations.CheckReturnValue;
import io.meshwork.access.AccessClient.AccessOperation;
import io.meshwork.contract.QualityReport;
import io.meshwork.operation.Operation;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.Principal;
import io.meshwork.rollout.StewardRequest;
import io.meshwork.topology.Topology;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Tags, audit, access reviews, and quality of the caller's domain, and the topology, guests, and
 * stewards of the mesh. Obtain it with {@code MeshClient.governance()}. Thread-safe; nothing to
 * close.
 */
public interface GovernanceClient {
  /**
   * Defines a tag of the caller's domain, or adds values to one that exists. No value is removed.
   * Keys and values are stored in lower case. A definition gives or removes no access.
   *
   * @param key at most 50 characters
   * @param values the values that the tag may have, at most 50 characters each
   * @return an operation that returns all values that the tag may then have; for one thread,
   *     committed once
   * @throws io.meshwork.error.InvalidRequestException if no value is given, or a key or value is
   *     not allowed
   */
  @CheckReturnValue
  AccessOperation<List<String>> defineTag(String key, String... values);

  /**
   * Lists the tags that a domain defines, each with its values. Available to everyone.
   *
   * @throws io.meshwork.error.NotFoundException if the domain does not exist
   */
  SortedMap<String, List<String>> tags(String domain);

  /**
   * Lists the catalogs of the mesh, their domains, and the cost of its topology. Available to
   * everyone.
   *
   * @throws io.meshwork.error.BackendException if a catalog is unavailable, naming it: a count
   *     without it would be wrong
   */
  TopologyReport topology();

  /**
   * Lists the places of the data of all domains, by domain, the newest of each first. Domains with
   * their data below the root of the mesh have none. Available to everyone.
   *
   * @throws io.meshwork.error.BackendException if a catalog is unavailable, naming it
   */
  List<DomainPlace> places();

  /**
   * Admits a domain as a guest of a catalog that is not its home, such as {@code admit("finance",
   * "commerce")}, in one registry transaction. A guest can request, subscribe to, and read products
   * of the catalog; the admission itself gives no access. Does nothing if the domain is a guest
   * already.
   *
   * <p>A guest cannot be removed: owners, notices, and audits find the requests, subscriptions, and
   * logs of the domain in that catalog by its admission. To end its access, revoke its grants.
   *
   * <p>In an embedded mesh, any principal can admit a domain, and the first write of a domain in
   * another catalog admits it. On AWS, IAM permits both only to roles that write the documents of
   * the catalog: a role of governance admits each domain before its first request or subscription.
   *
   * @param domain a registered domain
   * @param catalog a catalog of the mesh, as {@link #topology} lists it
   * @return an operation that returns the guests of the catalog, by name; for one thread, committed
   *     once. It fails if the mesh has one catalog, the catalog is the home of the domain, one of
   *     the two does not exist, or the store is unavailable or permits no write
   * @throws io.meshwork.error.InvalidRequestException if one of them is not a name
   */
  @CheckReturnValue
  Operation<List<String>> admit(String domain, String catalog);

  /**
   * Returns the quality score of a domain's data: over the latest accepted publish of each live
   * major version of its products, the share of rules that passed. Available to everyone; major
   * versions of which the caller cannot read all columns and rows are left out.
   *
   * @throws io.meshwork.error.NotFoundException if the domain does not exist
   */
  DomainQuality domainQuality(String domain);

  /**
   * Queries who did what, and when, in all logs of the mesh. Principals that act for a domain query
   * that domain and its products; all principals query their own account.
   */
  Audit audit();

  /**
   * Lists the grants that the caller's domain created or passed on, each with how it was used in
   * the last year. Only for principals that act for the domain.
   *
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the domain
   * @throws io.meshwork.error.NotFoundException if the domain does not exist
   */
  AccessReview accessReview(String domain);

  /**
   * Appoints a steward of the mesh: a principal who approves, for the consumers, what a product's
   * owner must not do alone. The first one is appointed by the principal that registered the first
   * domain of the mesh, or, after its account left that domain, by an administrator of the domain;
   * on AWS, by a role of governance. Further ones are appointed by stewards.
   *
   * @return an operation that returns all stewards; it fails with {@code AccessDeniedException} if
   *     the caller may not appoint one
   */
  @CheckReturnValue
  Operation<List<Principal>> appoint(Principal steward);

  /**
   * Dismisses a steward; only for stewards. What the steward approved remains approved.
   *
   * @return an operation that returns the stewards that remain; it fails with {@code
   *     STATE_CONFLICT} if no steward would remain
   */
  @CheckReturnValue
  Operation<List<Principal>> dismiss(Principal steward);

  /** Lists the stewards of the mesh, by name. Available to everyone. */
  List<Principal> stewards();

  /**
   * Lists the requests about a product that wait for a steward, oldest first. Available to
   * everyone.
   *
   * @throws io.meshwork.error.NotFoundException if the product does not exist
   */
  List<StewardRequest> pending(CharSequence product);

  /**
   * Approves a request, as a steward who neither made it nor acts for the domain of the product. A
   * retirement by force is done when its owner commits it again; the other kinds take effect at
   * once.
   *
   * @param request as {@link #pending} returned it
   * @return an operation that fails with {@code STATE_CONFLICT} if the request was replaced
   */
  @CheckReturnValue
  Operation<StewardRequest> approve(StewardRequest request);

  /**
   * Suspends reads of a product in an emergency, such as wrong or unlawful data: at once, and for
   * at most 72 hours, unless a steward approves it. Publishes go on, and accounts of the owner can
   * still read. Each consumer is notified. Only for principals that act for the owner.
   *
   * <p>It also holds for major versions that open later, because they have the same rows. If the
   * same major versions are suspended already, the reason and the 72 hours start again; a
   * suspension that a steward approved lasts until {@link #resumeReads}. Consumers see the reason.
   *
   * @return an operation that returns the request to the stewards, which {@link #approve} accepts;
   *     it fails with {@code NOT_FOUND} if no consumer reads the product
   */
  @CheckReturnValue
  Operation.WithReason<StewardRequest> suspendReads(CharSequence product);

  /**
   * Suspends reads of one major version, and of versions that open later, as {@link
   * #suspendReads(CharSequence)}. Others that consumers read stay readable.
   *
   * @param majorVersion 1 or more
   * @return an operation as above; it fails with {@code NOT_FOUND} if no consumer reads the major
   *     version
   */
  @CheckReturnValue
  Operation.WithReason<StewardRequest> suspendReads(CharSequence product, int majorVersion);

  /**
   * Makes a suspended product readable again. Only for principals that act for the owner. Its
   * commit returns the major versions that were suspended; empty if none was.
   */
  @CheckReturnValue
  Operation<List<Integer>> resumeReads(CharSequence product);

  /**
   * A place of a domain's data.
   *
   * @param domain the domain
   * @param root the root of the place
   * @param account the account that has it; empty if the store has no accounts, or if the account
   *     was unknown when the place was added
   * @param region the region that has it; empty if the account is
   */
  public record DomainPlace(
      String domain, String root, Optional<String> account, Optional<String> region) {}

  /**
   * The catalogs of a mesh, their domains, and numbers that compare topologies. Immutable.
   *
   * @param topology the topology that the mesh was created with
   * @param domains each catalog, by name, with the domains whose products it contains
   * @param guests each catalog, by name, with the domains of other catalogs that consume products
   *     of it
   * @param links the number of links to resources in another catalog; a central mesh has none
   * @param shares the number of grants to another catalog, one for each catalog that they reach
   * @param auditMustAsk the catalogs whose logs an audit of the mesh reads, each with the owners of
   *     its domains, who give access to them
   */
  public record TopologyReport(
      Topology topology,
      SortedMap<String, List<String>> domains,
      SortedMap<String, List<String>> guests,
      int links,
      int shares,
      List<String> auditMustAsk) {
    public TopologyReport {
      domains = copy(domains);
      guests = copy(guests);
      auditMustAsk = List.copyOf(auditMustAsk);
    }

    private static SortedMap<String, List<String>> copy(SortedMap<String, List<String>> names) {
      TreeMap<String, List<String>> copy = new TreeMap<>();
      names.forEach((catalog, each) -> copy.put(catalog, List.copyOf(each)));
      return Collections.unmodifiableSortedMap(copy);
    }

    /** Returns the number of catalogs to operate and back up. */
    public int catalogs() {
      return domains.size();
    }

    /** Returns the number of catalogs that change when all domains get a tag. */
    public int updatesForATag() {
      return domains.size();
    }

    /** Formats several reports as a table, one line each. */
    public static String compared(List<TopologyReport> reports) {
      StringBuilder table =
          new StringBuilder(row("shape", "catalogs", "links", "shares", "for a tag", "audit asks"));
      for (TopologyReport report : reports) {
        table
            .append('\n')
            .append(
                row(
                    report.topology().shape().name().toLowerCase(Locale.ROOT),
                    Integer.toString(report.catalogs()),
                    Integer.toString(report.links),
                    Integer.toString(report.shares),
                    Integer.toString(report.updatesForATag()),
                    Integer.toString(report.auditMustAsk.size())));
      }
      return table.toString();
    }

    private static String row(String... cells) {
      return String.format(Locale.ROOT, "%-10s %8s %6s %7s %10s %11s", (Object[]) cells);
    }

    /** Returns the catalogs, one line each, then the numbers in one line. */
    @Override
    public String toString() {
      return topology
          + "\n"
          + domains.keySet().stream().map(this::line).collect(Collectors.joining("\n"))
          + "\ncatalogs "
          + catalogs()
          + ", links across "
          + links
          + ", shares across "
          + shares
          + ", catalogs to update for a tag "
          + updatesForATag()
          + ", an audit asks "
          + auditMustAsk.size();
    }

    private String line(String catalog) {
      List<String> visiting = guests.getOrDefault(catalog, List.of());
      return "  "
          + catalog
          + "  domains "
          + domains.get(catalog)
          + (visiting.isEmpty() ? "" : "  guests " + visiting);
    }
  }

  /**
   * The quality of a domain's data: of the latest accepted publish of each active or deprecated
   * major version of its products. All rows count alike. Major versions that the caller cannot read
   * completely are left out, because scores and counts depend on every row and column. A rejected
   * publish changes nothing. Immutable.
   *
   * @param domain the domain's name
   * @param score the share of the rows offered to these publishes that were accepted, in percent;
   *     empty if there were none
   * @param rulesPassed the number of rules that passed in these publishes
   * @param rulesEvaluated the number of rules that were evaluated in them
   * @param latest the latest accepted publish of each major version that was published to, without
   *     measures, by product and major version
   */
  public record DomainQuality(
      String domain,
      OptionalDouble score,
      long rulesPassed,
      long rulesEvaluated,
      Map<MajorVersion, QualityReport.QualityEntry> latest) {
    public DomainQuality {
      latest = Collections.unmodifiableMap(new LinkedHashMap<>(latest));
    }
  }
}
