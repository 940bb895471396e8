package io.meshwork.cli.internal.access;

import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.Authorize;
import io.meshwork.access.Permission;
import io.meshwork.cli.internal.file.FilterText;
import io.meshwork.cli.internal.request.ReviewedRequest;
import io.meshwork.cli.internal.shell.OptionTexts;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.AccessPlanOptions;
import io.meshwork.cli.internal.verb.MeshVerb;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lets others grant access to a product or a domain. */
@Command(
    name = "authorize",
    description = "Lets roles of other accounts grant access to a product or what a domain owns.")
public final class AuthorizeVerb extends MeshVerb {
  @Parameters(paramLabel = "PRODUCT|DOMAIN", description = "What they may grant access to")
  private String resource;

  @Option(
      names = "--executors",
      required = true,
      paramLabel = "ACCOUNT[/ROLE],…",
      description = "Accounts or roles that may grant")
  private List<String> executors;

  @Option(
      names = "--consumers",
      paramLabel = "ACCOUNT[/ROLE],…",
      description = "Accounts or roles that they may grant to; or add --any-consumer")
  private @Nullable List<String> consumers;

  @Option(names = "--any-consumer", description = "They may grant to anyone; or name --consumers")
  private boolean anyConsumer;

  @Option(
      names = "--tags",
      paramLabel = "KEY=VALUE[,VALUE…]",
      description = "They may grant what has these tags in the domain")
  private Map<String, String> tags = new LinkedHashMap<>();

  @Option(
      names = "--request",
      paramLabel = "ID",
      description = "They may grant for this request only")
  private @Nullable String request;

  @Option(
      names = "--columns",
      paramLabel = "COLUMN,…",
      description = "They may grant these columns only. Default: all")
  private @Nullable List<String> columns;

  @Option(
      names = "--except",
      paramLabel = "COLUMN,…",
      description = "They may grant all columns but these")
  private @Nullable List<String> except;

  @Option(
      names = "--rows",
      paramLabel = "FILTER",
      description = "They may grant these rows only, such as \"country = 'DE'\". Default: all")
  private @Nullable FilterText rows;

  @Option(
      names = "--permissions",
      split = ",",
      paramLabel = "PERMISSION,…",
      description = "Such as SELECT, DESCRIBE, INSERT, or ALL. Default: SELECT and DESCRIBE")
  private @Nullable List<Permission> permissions;

  @Option(names = "--with-grant-option", description = "They may grant with the grant option")
  private boolean withGrantOption;

  @Option(names = "--delegating", description = "They may authorize others in turn")
  private boolean delegating;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      description =
          "When the authorization ends, as a date or time in UTC, such as 2027-03-31. Default:"
              + " never")
  private @Nullable String until;

  @Option(
      names = "--because",
      required = true,
      paramLabel = "TEXT",
      description = "The reason, for the log")
  private String because;

  @Mixin private AccessPlanOptions planning;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    Authorize<?> authorize = resource.contains("/") ? ofProduct(client) : ofDomain(client);
    authorize.because(because);
    GrantVerb.rolesAndAccounts(
        OptionTexts.elements(executors), authorize::executors, authorize::executorAccounts);
    GrantVerb.rolesAndAccounts(
        OptionTexts.elements(consumers), authorize::consumers, authorize::consumerAccounts);
    if (anyConsumer) {
      authorize.forAnyConsumer();
    }
    if (permissions != null) {
      authorize.permissions(permissions.toArray(new Permission[0]));
    }
    if (withGrantOption) {
      authorize.withGrantOption();
    }
    if (delegating) {
      authorize.allowDelegation();
    }
    if (until != null) {
      authorize.until(OptionTexts.time(until));
    }
    return planning.answer(
        authorize,
        summary ->
            VerbAnswer.change(
                AuthorizationDocument.put(VerbAnswer.newDocument("authorized"), summary),
                "authorized "
                    + summary.id()
                    + ": "
                    + String.join(", ", summary.executors())
                    + " grant "
                    + summary.on()));
  }

  private Authorize<?> ofDomain(MeshClient client) {
    if (request != null || columns != null || except != null || rows != null) {
      throw new UsageException(
          "Options --request, --columns, --except, and --rows need a product, not a domain.");
    }
    return tags.isEmpty()
        ? client.access().authorizeDomain(resource)
        : client.access().authorizeByTags(resource, TagTexts.where(tags));
  }

  private Authorize<?> ofProduct(MeshClient client) {
    if (!tags.isEmpty()) {
      throw new UsageException("Option --tags needs a domain, not a product.");
    }
    Authorize.ByName authorize = client.access().authorize(resource);
    if (request != null) {
      authorize.request(ReviewedRequest.id(request));
    }
    if (columns != null) {
      authorize.columns(OptionTexts.elements(columns));
    }
    if (except != null) {
      authorize.exceptColumns(OptionTexts.elements(except));
    }
    if (rows != null) {
      authorize.rows(rows.text());
    }
    return authorize;
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
