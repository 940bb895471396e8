package io.meshwork.cli.internal.upkeep;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.cli.MeshOpener.Cloud.AccountFiles;
import io.meshwork.cli.MeshOpener.Cloud.OrganizationRequest;
import io.meshwork.cli.internal.file.AtomicFile;
import io.meshwork.cli.internal.shell.Count;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes what an account needs for a mesh on AWS. */
@Command(
    name = "template",
    description = {
      "Writes all that an AWS account or an organization needs for a mesh, as code.",
      "Sends no request; the mesh need not exist."
    })
public final class TemplateVerb extends MeshVerb {
  @Parameters(
      paramLabel = "FORM",
      description =
          "cloudformation, terraform around the same templates, policies alone, or organization")
  private String form;

  @Option(
      names = "--account",
      required = true,
      paramLabel = "ACCOUNT",
      description = "The account, 12 digits; of an organization, its management account")
  private String account;

  @Mixin private AccountOptions ofRoles;

  @Option(
      names = "--parent",
      paramLabel = "ID",
      description = "Of an organization: where to make the units, a root such as r-abcd or a unit")
  private @Nullable String parent;

  @Option(
      names = "--administrator",
      paramLabel = "ARN",
      description = {
        "Of an organization: who may change what the service control policy keeps, such as",
        "arn:aws:iam::*:role/platform-admin; repeatable. Default: none"
      })
  private List<String> administrators = new ArrayList<>();

  @Option(
      names = "--identity-center",
      paramLabel = "ARN",
      description = "Of an organization: the instance of IAM Identity Center with the groups")
  private @Nullable String identityCenter;

  @Option(
      names = "--readers",
      paramLabel = "GROUP=ACCOUNTS",
      description = {
        "Of an organization: the ID of a group, and the accounts, with commas, in which it reads",
        "open data and what Lake Formation permits; repeatable"
      })
  private List<String> readers = new ArrayList<>();

  @Option(
      names = "--open-readers",
      paramLabel = "GROUP=ACCOUNTS",
      description = "The same for a group that reads open data alone")
  private List<String> openReaders = new ArrayList<>();

  @Option(
      names = "--trail",
      paramLabel = "BUCKET",
      description = {
        "Of an organization: a bucket that exists; a trail of all accounts writes to it. What its",
        "policy needs is printed if the address names the organization"
      })
  private @Nullable String trailBucket;

  @Option(
      names = "--to",
      paramLabel = "FOLDER",
      defaultValue = ".",
      description = "Where to write. Default: the current folder")
  private Path folder;

  @Override
  protected VerbAnswer answer() {
    AccountFiles printed = form.equals("organization") ? ofOrganization() : ofAccount();
    List<String> written = new ArrayList<>();
    printed
        .files()
        .forEach(
            (name, text) -> {
              Path file = folder.resolve(name);
              makeFolder(Objects.requireNonNull(file.toAbsolutePath().getParent()));
              AtomicFile.writeText(file, text);
              written.add(file.toString());
            });
    ObjectNode document = VerbAnswer.newDocument("written").put("account", account);
    document.set("files", JsonFields.array(written));
    document.set("steps", JsonFields.array(printed.steps()));
    List<String> lines = new ArrayList<>();
    lines.add(Count.of(written.size(), "file") + " for " + account + " in " + folder + ".");
    lines.addAll(printed.steps());
    return VerbAnswer.change(document, lines.toArray(String[]::new));
  }

  private AccountFiles ofAccount() {
    if (parent != null
        || identityCenter != null
        || trailBucket != null
        || !administrators.isEmpty()
        || !readers.isEmpty()
        || !openReaders.isEmpty()) {
      throw new UsageException(
          "--parent, --administrator, --identity-center, --readers, --open-readers, and --trail"
              + " are options of 'mesh template organization'.");
    }
    return location().accountFiles(form, ofRoles.request(account, Optional.empty()));
  }

  private AccountFiles ofOrganization() {
    if (ofRoles.isUsed()) {
      throw new UsageException(
          "An organization has no roles of processes: --domain, --catalog, --role, --trust,"
              + " --source, --export, --table-readers, --notices, --email, and --deployed-by are"
              + " for the templates of an account.");
    }
    if (parent == null) {
      throw new UsageException(
          "The units need a place. Add --parent ID, such as the root that 'aws organizations"
              + " list-roots' prints.");
    }
    return location()
        .organizationFiles(
            new OrganizationRequest(
                account,
                parent,
                administrators,
                Optional.ofNullable(identityCenter),
                AccountOptions.lists("--readers", readers),
                AccountOptions.lists("--open-readers", openReaders),
                Optional.ofNullable(trailBucket)));
  }

  private static void makeFolder(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw AtomicFile.unwritable(folder, e, "The files were not written completely.");
    }
  }

  @Override
  protected String interruption() {
    return folder + " may have a part of the files. Run it again: it writes all.";
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
