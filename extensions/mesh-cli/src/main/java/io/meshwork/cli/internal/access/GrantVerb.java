package io.meshwork.cli.internal.access;

import io.meshwork.MeshClient;
import io.meshwork.access.GrantOperation;
import io.meshwork.access.Permission;
import io.meshwork.cli.internal.file.FilterText;
import io.meshwork.cli.internal.shell.OptionTexts;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.AccessPlanOptions;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.product.Principal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Grants access to a product or a domain. */
@Command(
    name = "grant",
    description = "Grants access to a product, to columns, to rows, or to what has tags.")
public final class GrantVerb extends MeshVerb {
  @Parameters(
      arity = "0..1",
      paramLabel = "PRODUCT|DOMAIN",
      description = "What to grant; left out with --tags")
  private @Nullable String resource;

  @Option(
      names = "--tags",
      paramLabel = "KEY=VALUE[,VALUE…]",
      description =
          "All that has one of these values, now or later, instead of a product; repeat"
              + " for what has several tags")
  private Map<String, String> tags = new LinkedHashMap<>();

  @Option(
      names = "--to",
      required = true,
      paramLabel = "ACCOUNT[/ROLE]",
      description = "A role, an account, or 'mesh' for everyone")
  private List<String> recipients;

  @Option(
      names = "--columns",
      paramLabel = "COLUMN,…",
      description = "These columns only. Default: all")
  private @Nullable List<String> columns;

  @Option(names = "--except", paramLabel = "COLUMN,…", description = "All columns but these")
  private @Nullable List<String> except;

  @Option(
      names = "--rows",
      paramLabel = "FILTER",
      description = "These rows only, such as \"country = 'DE'\". Default: all")
  private @Nullable FilterText rows;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      description =
          "When the access ends, as a date or time in UTC, such as 2027-03-31. Default: never")
  private @Nullable String until;

  @Option(
      names = "--because",
      required = true,
      paramLabel = "TEXT",
      description = "The reason, for the log")
  private String because;

  @Option(
      names = "--permissions",
      paramLabel = "PERMISSION,…",
      description = "Such as SELECT, DESCRIBE, INSERT, or ALL. Default: SELECT and DESCRIBE",
      split = ",")
  private @Nullable List<Permission> permissions;

  @Option(names = "--with-grant-option", description = "The grantees may grant it to others")
  private boolean withGrantOption;

  @Option(names = "--request", paramLabel = "ID", description = "The request that it answers")
  private @Nullable String request;

  @Option(
      names = "--including-sensitive",
      description = "Confirms that sensitive columns are granted, too")
  private boolean includingSensitive;

  @Mixin private AccessPlanOptions planning;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    if ((resource == null) == tags.isEmpty()) {
      throw new UsageException("Name a product or a domain, or tags with --tags KEY=VALUE.");
    }
    if (resource != null && resource.contains("/")) {
      return onProduct(client, resource);
    }
    if (columns != null || except != null || rows != null || request != null) {
      throw new UsageException(
          "Only a grant on a product takes --columns, --except, --rows, and --request: omit them,"
              + " or name a product.");
    }
    return granted(
        resource == null ? client.grantByTags(TagTexts.where(tags)) : client.grantDomain(resource));
  }

  private VerbAnswer onProduct(MeshClient client, String product) {
    GrantOperation.ByName grant = client.grant(product);
    if (columns != null) {
      grant.columns(OptionTexts.elements(columns));
    }
    if (except != null) {
      grant.exceptColumns(OptionTexts.elements(except));
    }
    if (rows != null) {
      grant.rows(rows.text());
    }
    if (request != null) {
      grant.request(request);
    }
    return granted(grant);
  }

  private VerbAnswer granted(GrantOperation<?> grant) {
    to(grant, OptionTexts.elements(recipients));
    if (permissions != null) {
      grant.permissions(permissions.toArray(new Permission[0]));
    }
    if (withGrantOption) {
      grant.withGrantOption();
    }
    if (until != null) {
      grant.until(OptionTexts.time(until));
    }
    grant.because(because);
    if (includingSensitive) {
      grant.includeSensitive();
    }
    return planning.answer(
        grant,
        grants -> {
          var document = VerbAnswer.newDocument("granted");
          document.set("grants", GrantDocument.of(grants));
          return VerbAnswer.change(document, GrantDocument.lines("granted", grants));
        });
  }

  public static void to(GrantOperation<?> grant, String... recipients) {
    List<String> all = List.of(recipients);
    if (all.contains("mesh")) {
      if (all.size() > 1) {
        throw new UsageException("A grant to mesh, which is everyone, has no other recipients.");
      }
      grant.toMesh();
      return;
    }
    rolesAndAccounts(recipients, grant::to, grant::toAccounts);
  }

  /** Passes on which of the strings are roles, and which are accounts, if any. */
  static void rolesAndAccounts(
      String[] texts, Consumer<Principal[]> roles, Consumer<String[]> accounts) {
    Principal[] principals =
        Stream.of(texts)
            .filter(text -> text.contains("/"))
            .map(MeshVerb::principal)
            .toArray(Principal[]::new);
    String[] whole = Stream.of(texts).filter(text -> !text.contains("/")).toArray(String[]::new);
    if (principals.length > 0) {
      roles.accept(principals);
    }
    if (whole.length > 0) {
      accounts.accept(whole);
    }
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
