package io.meshwork.internal.lakeformation;

import io.meshwork.internal.lakeformation.AccessFacts.Account;
import io.meshwork.internal.lakeformation.AccessFacts.DataFilter;
import io.meshwork.internal.lakeformation.AccessFacts.Database;
import io.meshwork.internal.lakeformation.AccessFacts.Link;
import io.meshwork.internal.lakeformation.AccessFacts.NamedExpression;
import io.meshwork.internal.lakeformation.AccessFacts.OptIn;
import io.meshwork.internal.lakeformation.AccessFacts.PrincipalFacts;
import io.meshwork.internal.lakeformation.AccessFacts.RegisteredLocation;
import io.meshwork.internal.lakeformation.AccessFacts.Share;
import io.meshwork.internal.lakeformation.AccessFacts.TagKey;
import io.meshwork.internal.runtime.ArgumentChecks;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The state that decisions are based on: catalogs, accounts, tags, grants, links and shares. Of
 * repeated facts about an account, a principal or a share, the last applies. Immutable.
 *
 * @param accounts accounts; others have no administrators, no organization, and version 4
 * @param principals principals with facts other than the default
 * @param tags the defined tags
 * @param expressions named tag expressions
 * @param databases databases with their tables
 * @param filters data filters of tables
 * @param links resource links
 * @param locations registered S3 locations
 * @param grants all grants, including recipients'
 * @param optIns principals that opted in to Lake Formation permissions
 * @param shares resource shares whose status is not the default
 * @param heldWithOption true if a grant made by a recipient applies only while the recipient has
 *     the grant option; Lake Formation checks the option only when the grant is made
 */
public record AccessState(
    List<Account> accounts,
    List<PrincipalFacts> principals,
    List<TagKey> tags,
    List<NamedExpression> expressions,
    List<Database> databases,
    List<DataFilter> filters,
    List<Link> links,
    List<RegisteredLocation> locations,
    List<Grant> grants,
    List<OptIn> optIns,
    List<Share> shares,
    boolean heldWithOption) {
  public AccessState {
    accounts = List.copyOf(accounts);
    principals = List.copyOf(principals);
    tags = List.copyOf(tags);
    expressions = List.copyOf(expressions);
    databases = List.copyOf(databases);
    filters = List.copyOf(filters);
    links = List.copyOf(links);
    locations = List.copyOf(locations);
    grants = List.copyOf(grants);
    optIns = List.copyOf(optIns);
    shares = List.copyOf(shares);
  }

  /** Returns a builder of an empty state. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder with the facts of this state. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.accounts.addAll(accounts);
    builder.principals.addAll(principals);
    builder.tags.addAll(tags);
    builder.expressions.addAll(expressions);
    builder.databases.addAll(databases);
    builder.filters.addAll(filters);
    builder.links.addAll(links);
    builder.locations.addAll(locations);
    builder.grants.addAll(grants);
    builder.optIns.addAll(optIns);
    builder.shares.addAll(shares);
    builder.heldWithOption = heldWithOption;
    return builder;
  }

  /** Returns the state after some edits, applied in order. */
  public AccessState after(Collection<? extends AccessEdit> edits) {
    AccessState state = this;
    for (AccessEdit edit : ArgumentChecks.required("edits", edits)) {
      state = AccessEditor.apply(state, edit);
    }
    return state;
  }

  /** Collects the facts of a state. Not thread-safe. */
  public static final class Builder {
    final List<Account> accounts = new ArrayList<>();
    final List<PrincipalFacts> principals = new ArrayList<>();
    final List<TagKey> tags = new ArrayList<>();
    final List<NamedExpression> expressions = new ArrayList<>();
    final List<Database> databases = new ArrayList<>();
    final List<DataFilter> filters = new ArrayList<>();
    final List<Link> links = new ArrayList<>();
    final List<RegisteredLocation> locations = new ArrayList<>();
    final List<Grant> grants = new ArrayList<>();
    final List<OptIn> optIns = new ArrayList<>();
    final List<Share> shares = new ArrayList<>();
    boolean heldWithOption;

    private Builder() {}

    /** Adds accounts. */
    public Builder accounts(Account... more) {
      accounts.addAll(ArgumentChecks.all("accounts", more));
      return this;
    }

    /** Adds facts about principals. */
    public Builder principals(PrincipalFacts... more) {
      principals.addAll(ArgumentChecks.all("principals", more));
      return this;
    }

    /** Adds tags. */
    public Builder tags(TagKey... more) {
      tags.addAll(ArgumentChecks.all("tags", more));
      return this;
    }

    /** Adds named expressions. */
    public Builder expressions(NamedExpression... more) {
      expressions.addAll(ArgumentChecks.all("expressions", more));
      return this;
    }

    /** Adds databases. */
    public Builder databases(Database... more) {
      databases.addAll(ArgumentChecks.all("databases", more));
      return this;
    }

    /** Adds data filters. */
    public Builder filters(DataFilter... more) {
      filters.addAll(ArgumentChecks.all("filters", more));
      return this;
    }

    /** Adds resource links. */
    public Builder links(Link... more) {
      links.addAll(ArgumentChecks.all("links", more));
      return this;
    }

    /** Adds registered locations. */
    public Builder locations(RegisteredLocation... more) {
      locations.addAll(ArgumentChecks.all("locations", more));
      return this;
    }

    /** Adds grants. */
    public Builder grants(Grant... more) {
      grants.addAll(ArgumentChecks.all("grants", more));
      return this;
    }

    /** Adds opt-ins. */
    public Builder optIns(OptIn... more) {
      optIns.addAll(ArgumentChecks.all("optIns", more));
      return this;
    }

    /** Adds statuses of shares. */
    public Builder shares(Share... more) {
      shares.addAll(ArgumentChecks.all("shares", more));
      return this;
    }

    /** Applies grants made by a recipient only while the recipient has the grant option. */
    public Builder heldWithOption() {
      heldWithOption = true;
      return this;
    }

    public AccessState build() {
      return new AccessState(
          accounts,
          principals,
          tags,
          expressions,
          databases,
          filters,
          links,
          locations,
          grants,
          optIns,
          shares,
          heldWithOption);
    }
  }
}
