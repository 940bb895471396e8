package io.meshwork.discovery;

import io.meshwork.card.Health;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The description of a domain: who owns it, its products with their health, and how mature it is.
 * Immutable.
 *
 * @param name the name
 * @param description the description; empty if there is none
 * @param owner the contact of the owner
 * @param steward the contact of the steward
 * @param tags the tags of the domain, which its products inherit
 * @param products the products with their health, by name, without retired ones
 * @param maturity the checklist
 */
public record DomainCard(
    String name,
    String description,
    String owner,
    String steward,
    Map<String, String> tags,
    List<Health> products,
    List<Criterion> maturity) {
  public DomainCard {
    tags = Collections.unmodifiableMap(new TreeMap<>(tags));
    products = List.copyOf(products);
    maturity = List.copyOf(maturity);
  }

  /** What a mature domain does. */
  public enum Practice {
    /** Products and all of their columns have a description. */
    DESCRIPTIONS,
    /** Products declare a primary key. */
    KEYS,
    /** Contracts have rules. */
    RULES,
    /** Contracts promise freshness. */
    FRESHNESS_PROMISED,
    /** The promised freshness was met on each known day of the last 30. */
    FRESHNESS_KEPT,
    /** The domain names a steward other than its owner. */
    STEWARD,
    /** Requests were answered within 3 days. Only for principals that act for the domain. */
    REQUESTS_ANSWERED,
    /** Publishes state their inputs. Only for principals that act for the domain. */
    INPUTS_DECLARED
  }

  /**
   * One line of the checklist.
   *
   * @param practice what is counted
   * @param met how many do it
   * @param total how many could; 0 if it does not apply
   */
  public record Criterion(Practice practice, int met, int total) {
    /** Returns true if all that could do it. */
    public boolean isMet() {
      return met == total;
    }
  }
}
