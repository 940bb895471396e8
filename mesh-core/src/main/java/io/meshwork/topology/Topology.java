package io.meshwork.topology;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.naming.NameGrammar;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The catalogs of a mesh, and who sees what. It is set when a mesh is created, stored in its
 * registry, and never changes. The same program runs on each topology; {@code
 * governance().topology()} shows the costs. Immutable.
 */
public final class Topology {
  /** The name of the only catalog of a central mesh; no other catalog may have it. */
  public static final String CENTRAL = "mesh";

  /** A reserved name that no catalog may have: it names the logs of reads. */
  public static final String READS = "reads";

  /**
   * A reserved name that no catalog may have: it names the partitions of executors, which grant for
   * the owner of some data.
   */
  public static final String BY = "by";

  private static final Set<String> RESERVED = Set.of(CENTRAL, READS, BY);

  private static final Topology ONE_CATALOG = new Topology(Shape.CENTRAL, new TreeMap<>());
  private static final Topology CATALOG_PER_DOMAIN = new Topology(Shape.FEDERATED, new TreeMap<>());

  private final Shape shape;
  private final SortedMap<String, SortedSet<String>> lines;

  private Topology(Shape shape, SortedMap<String, SortedSet<String>> lines) {
    this.shape = shape;
    this.lines = lines;
  }

  /** The shape of a topology. */
  public enum Shape {
    /** One catalog for all. */
    CENTRAL,
    /** One catalog for each line of business. */
    LINES,
    /** One catalog for each domain. */
    FEDERATED
  }

  /** Returns one catalog for all, in which each domain sees all products. The default. */
  public static Topology central() {
    return ONE_CATALOG;
  }

  /**
   * Returns one catalog for each line of business, with its domains. Domains of one line see each
   * other's products; products of other lines are read through links.
   *
   * @param domainsByLine names of lines and of their domains, which need not be registered yet; no
   *     other domain can be registered
   * @throws InvalidRequestException if there is no line, a line has no domain, a name is invalid, a
   *     line is named {@code mesh}, {@code reads} or {@code by}, or two lines or domains have the
   *     same storage name
   */
  public static Topology byLineOfBusiness(
      @Nullable Map<String, ? extends Set<String>> domainsByLine) {
    if (domainsByLine == null || domainsByLine.isEmpty()) {
      throw invalidLines("no line is named", "Name one or more, each with its domains.");
    }
    SortedMap<String, SortedSet<String>> lines = new TreeMap<>();
    Map<String, String> lineOf = new TreeMap<>();
    domainsByLine.forEach(
        (line, domains) -> {
          String catalog = NameGrammar.storage(NameGrammar.check("line", line));
          if (RESERVED.contains(catalog)) {
            throw invalidLines(
                "a line is named '" + line + "', which is a reserved name", "Choose another name.");
          }
          if (domains == null || domains.isEmpty()) {
            throw invalidLines("line '" + line + "' has no domain", "Name its domains.");
          }
          if (lines.put(catalog, new TreeSet<>(domains)) != null) {
            throw invalidLines(
                "two lines have the storage name '" + catalog + "'",
                "Use a different name for each.");
          }
          for (String domain : domains) {
            String earlierLine =
                lineOf.put(NameGrammar.storage(NameGrammar.check("domain", domain)), line);
            if (earlierLine != null) {
              throw invalidLines(
                  "domain '"
                      + domain
                      + "' is named twice, by '"
                      + earlierLine
                      + "' and '"
                      + line
                      + "'",
                  "A domain has one home; name it once.");
            }
          }
        });
    return new Topology(Shape.LINES, lines);
  }

  /** Returns one catalog for each domain, which sees its own products, and others through links. */
  public static Topology federated() {
    return CATALOG_PER_DOMAIN;
  }

  /** Returns the shape. */
  public Shape shape() {
    return shape;
  }

  /** Returns the domains of each line, by the line's storage name; empty for other shapes. */
  public SortedMap<String, SortedSet<String>> lines() {
    SortedMap<String, SortedSet<String>> copy = new TreeMap<>();
    lines.forEach((line, domains) -> copy.put(line, new TreeSet<>(domains)));
    return copy;
  }

  /**
   * Returns the catalogs that this value names, ordered by name; empty for a federated mesh, which
   * gets a catalog with each domain: {@code governance().topology()} lists these.
   */
  public List<String> catalogs() {
    return switch (shape) {
      case CENTRAL -> List.of(CENTRAL);
      case LINES -> List.copyOf(lines.keySet());
      case FEDERATED -> List.of();
    };
  }

  /** Returns the home catalog of a domain; empty if the mesh cannot have such a domain. */
  public Optional<String> findCatalog(String domain) {
    String storage = NameGrammar.storage(domain);
    return switch (shape) {
      case CENTRAL -> Optional.of(CENTRAL);
      case LINES ->
          lines.entrySet().stream()
              .filter(
                  line ->
                      line.getValue().stream().map(NameGrammar::storage).anyMatch(storage::equals))
              .map(Map.Entry::getKey)
              .findFirst();
      case FEDERATED ->
          NameGrammar.isLegal(storage) && !RESERVED.contains(storage)
              ? Optional.of(storage)
              : Optional.empty();
    };
  }

  /**
   * Returns the home catalog of a domain, registered or not.
   *
   * @throws InvalidRequestException if the mesh cannot have such a domain; the message names the
   *     possible ones
   */
  public String catalogOf(String domain) {
    return findCatalog(NameGrammar.check("domain", domain))
        .orElseThrow(
            () ->
                Failure.of(MeshAction.of(Verb.USE, "domain '" + domain + "' in this mesh"))
                    .because(
                        shape == Shape.LINES
                            ? "the mesh is divided by line of business, and no line names the"
                                + " domain ("
                                + linesAsText()
                                + ")"
                            : "a catalog of a federated mesh cannot be named '"
                                + NameGrammar.storage(domain)
                                + "'")
                    .fix(
                        shape == Shape.LINES
                            ? "Use a domain that a line names; the lines of a mesh are fixed when"
                                + " it is created."
                            : "Choose another name.")
                    .invalidRequest(ErrorCode.CONFIG_INVALID));
  }

  /**
   * Returns true if a domain sees another domain's products without a link.
   *
   * @param domain the domain that reads
   * @param otherDomain the domain that owns the product
   */
  public boolean sees(String domain, String otherDomain) {
    if (shape == Shape.CENTRAL
        || NameGrammar.storage(domain).equals(NameGrammar.storage(otherDomain))) {
      return true;
    }
    Optional<String> home = findCatalog(domain);
    return home.isPresent() && home.equals(findCatalog(otherDomain));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Topology that && shape == that.shape && lines.equals(that.lines);
  }

  @Override
  public int hashCode() {
    return 31 * shape.hashCode() + lines.hashCode();
  }

  /**
   * Returns the shape in one line, such as {@code by line of business: banking [finance, risk]}.
   */
  @Override
  public String toString() {
    return switch (shape) {
      case CENTRAL -> "central: one catalog for all domains";
      case LINES -> "by line of business: " + linesAsText();
      case FEDERATED -> "federated: a catalog for each domain";
    };
  }

  private String linesAsText() {
    List<String> texts = new ArrayList<>();
    lines.forEach((line, domains) -> texts.add(line + " " + domains));
    return texts.stream().collect(Collectors.joining(", "));
  }

  private static InvalidRequestException invalidLines(String reason, String fix) {
    return Failure.of(MeshAction.of(Verb.DIVIDE, "a mesh by line of business"))
        .because(reason)
        .fix(fix)
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }
}
