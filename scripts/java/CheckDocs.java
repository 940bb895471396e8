import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Checks that the texts tell the truth about links and commands. Run from the repository's root.
 */
final class CheckDocs {
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern JAVA_BLOCK =
      Pattern.compile("(```+|~~~+)\\s*java\\b", Pattern.CASE_INSENSITIVE);
  private static final Pattern SNIPPET = Pattern.compile("<!-- snippet: ([^\\s#]+)#(\\S+) -->");

  /** A block that scripts/follow-text writes out, so that it is compiled and run there. */
  private static final Pattern FILE = Pattern.compile("<!-- file: \\S+ -->");

  private static final Pattern OUTPUT = Pattern.compile("<!-- output: (\\S+) -->");
  private static final Pattern NAMED_TAG = Pattern.compile("// (tag|end)::([\\w-]+)\\[]");
  private static final Pattern PRINT = Pattern.compile("System\\.out\\b|(?<![.\\w])print\\w*\\(");
  private static final Pattern TAG = Pattern.compile("// (tag|end)::[\\w-]+\\[]");

  /** What a merge leaves where two changes did not go together. */
  private static final Pattern CONFLICT = Pattern.compile("(<{7}|>{7}) .*|={7}");

  private static final Pattern IMPORTS =
      Pattern.compile("^\\*\\*Imports\\.\\*\\*.*?\\n\\n", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern PACKAGE_TYPES =
      Pattern.compile("`(io\\.meshwork[\\w.]*)`\\s+\\(([^)]*)\\)");

  /** Such as {@code history(..).quality()} or {@code Snapshot.rows}. */
  private static final Pattern MEMBER =
      Pattern.compile("[a-z]\\w*\\([^`]*\\)[\\w.()]*|[A-Z]\\w*\\.[A-Za-z]\\w*(\\(.*\\))?");

  private static final Pattern WORD = Pattern.compile("\\w+");

  /** Directly above a table whose rows are the constants of an enum. */
  private static final Pattern CONSTANTS = Pattern.compile("<!-- constants: ([\\w.]+) -->");

  private static final Pattern CONSTANT = Pattern.compile("[A-Z][A-Z0-9_]*");
  private static final Pattern IMPORT =
      Pattern.compile("import (static )?(io\\.meshwork(?!\\.examples)[\\w.]*)\\.(\\w+);");

  /** Types whose methods are what a program can do with a mesh. */
  private static final Set<String> CLIENTS =
      Set.of(
          "io.meshwork.Mesh",
          "io.meshwork.MeshClient",
          "io.meshwork.access.AccessClient",
          "io.meshwork.change.RegisterDomain",
          "io.meshwork.governance.GovernanceClient",
          "io.meshwork.request.RequestClient",
          "io.meshwork.rollout.AmendTerms",
          "io.meshwork.rollout.EndProduct",
          "io.meshwork.rollout.MajorRollout.BackFill",
          "io.meshwork.rollout.StartRollout");

  /** Types of whose methods only those that return an operation count. */
  private static final Set<String> VALUES_WITH_OPERATIONS =
      Set.of(
          "io.meshwork.rollout.Rollout",
          "io.meshwork.rollout.MajorRollout",
          "io.meshwork.rollout.ProductEnd",
          "io.meshwork.rollout.Rollout.Track",
          "io.meshwork.rollout.Rollout.Track.Move");

  private static final Pattern API_METHOD =
      Pattern.compile("([\\w.]+): public (?:(?:static|default|<[^(]*>) )*(\\S+).*? (\\w+)\\(.*");
  private static final Pattern MUTATED =
      Pattern.compile("<targetClasses>\\s*<param>io\\.meshwork\\.([\\w.]+)\\.\\*</param>");
  private static final Pattern RULE_CODE = Pattern.compile("\"(RULE_[A-Z]+)\"");
  private static final List<String> API = api();

  private static final Set<String> PLAIN_COMMANDS =
      Set.of(
          "aws", "bash", "cd", "export", "git", "java", "mvn", "cat", "ls", "mesh", "paste", "sed", "tail",
          "test");

  /** A picture in a text, by its address. */
  private static final Pattern PICTURE =
      Pattern.compile("(?:src|srcset)=\"([^\"]+)\"|!\\[[^\\]]*\\]\\(([^)\\s]+)\\)");

  private static final Path PICTURES = Path.of("docs/pictures");
  private static final long LARGEST_PICTURE = 150_000;

  private final List<String> faults = new ArrayList<>();

  public static void main(String[] arguments) throws IOException {
    CheckDocs check = new CheckDocs();
    List<Path> texts = texts();
    for (Path text : texts) {
      List<String> lines = Files.readAllLines(text);
      check.conflicts(text, lines);
      check.links(text, lines);
      check.commands(text, lines);
      check.paths(text, lines);
      check.imports(text);
      if (!text.startsWith("docs/decisions")) {
        check.snippets(text, lines);
        check.outputs(text, lines);
        check.programs(text, lines);
        check.constants(text, lines);
      }
    }
    check.pictures(texts);
    check.verbs(texts);
    check.recipes(Path.of("CONTRIBUTING.md"));
    check.twoCommands();
    check.ruleCodes();
    check.additions();
    check.mutatedPackage();
    check.headings();
    check.faults.forEach(System.err::println);
    if (!check.faults.isEmpty()) {
      System.exit(1);
    }
    System.out.println("Links and commands hold in " + texts.size() + " texts.");
  }

  private static List<String> api() {
    try (Stream<Path> modules = Files.list(Path.of("docs/api"))) {
      List<String> members = new ArrayList<>();
      for (Path module : modules.sorted().toList()) {
        members.addAll(Files.readAllLines(module));
      }
      return members;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> texts() throws IOException {
    List<Path> texts = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of(""))) {
      files.filter(CheckDocs::isMarkdown).sorted().forEach(texts::add);
    }
    for (Path folder : List.of(Path.of("docs"), Path.of("verification"))) {
      if (Files.isDirectory(folder)) {
        try (Stream<Path> files = Files.walk(folder)) {
          files
              .filter(file -> isMarkdown(file) && !file.toString().contains("/target/"))
              .sorted()
              .forEach(texts::add);
        }
      }
    }
    return texts;
  }

  private static boolean isMarkdown(Path file) {
    return file.toString().endsWith(".md");
  }

  private void conflicts(Path text, List<String> lines) {
    for (int i = 0; i < lines.size(); i++) {
      if (CONFLICT.matcher(lines.get(i)).matches()) {
        faults.add(text + ":" + (i + 1) + ": a mark that a merge left");
      }
    }
  }

  private void links(Path text, List<String> lines) throws IOException {
    Fence fence = new Fence();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      boolean prose = fence.take(line) == Fence.Line.PROSE;
      Matcher link = LINK.matcher(prose ? line.replaceAll("`[^`]*`", "") : "");
      while (link.find()) {
        String target = link.group(1);
        if (target.matches("[a-z]+:.*")) {
          continue; // another site; its links are not ours to keep
        }
        String[] parts = target.split("#", 2);
        Path file = parts[0].isEmpty() ? text : text.resolveSibling(parts[0]).normalize();
        if (!Files.exists(file)) {
          faults.add(text + ":" + (i + 1) + ": link leads nowhere: " + target);
        } else if (parts.length == 2 && isMarkdown(file) && !anchors(file).contains(parts[1])) {
          faults.add(text + ":" + (i + 1) + ": no such heading: " + target);
        }
      }
    }
  }

  /** Pictures are there, small, and say in words what they show; none is there that no text shows. */
  private void pictures(List<Path> texts) throws IOException {
    Set<Path> shown = new TreeSet<>();
    for (Path text : texts) {
      String lines = Files.readString(text);
      Matcher picture = PICTURE.matcher(lines);
      while (picture.find()) {
        String target = picture.group(1) == null ? picture.group(2) : picture.group(1);
        if (!target.matches("[a-z]+:.*")) {
          shown.add(text.resolveSibling(target).normalize());
        }
      }
      if (lines.matches("(?s).*(<img (?![^>]*alt=\"[^\"])|!\\[\\]).*")) {
        faults.add(text + ": a picture without words in its place");
      }
    }
    if (Files.isDirectory(PICTURES)) {
      try (Stream<Path> files = Files.list(PICTURES)) {
        files
            .filter(file -> !shown.contains(file))
            .sorted()
            .forEach(file -> faults.add(file + ": no text shows this picture"));
      }
    }
    for (Path file : shown) {
      if (!Files.exists(file)) {
        faults.add(file + ": no such picture");
      } else if (Files.size(file) > LARGEST_PICTURE) {
        faults.add(file + ": larger than " + LARGEST_PICTURE + " bytes");
      } else if (file.toString().endsWith(".svg")) {
        String svg = Files.readString(file);
        for (String part : List.of("role=\"img\"", "<title", "<desc")) {
          if (!svg.contains(part)) {
            faults.add(file + ": lacks " + part);
          }
        }
      }
    }
  }

  private static Set<String> anchors(Path file) throws IOException {
    Set<String> anchors = new HashSet<>();
    for (String line : Files.readAllLines(file)) {
      if (line.matches("#{1,6} .*")) {
        String heading = line.replaceFirst("#+ ", "").strip().toLowerCase(Locale.ROOT);
        anchors.add(heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'));
      }
    }
    return anchors;
  }

  private void commands(Path text, List<String> lines) {
    Fence fence = new Fence();
    StringBuilder command = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      if (fence.take(lines.get(i)) != Fence.Line.SHELL) {
        command.setLength(0);
        continue;
      }
      String line = lines.get(i).strip();
      if (line.endsWith("\\")) {
        command.append(line, 0, line.length() - 1).append(' ');
        continue;
      }
      for (String each : simpleCommands(command.append(line).toString())) {
        command(text, i, each);
      }
      command.setLength(0);
    }
  }

  private void command(Path text, int line, String words) {
    String command = words.replaceFirst("^([A-Za-z_]+=('[^']*'|\"[^\"]*\"|\\S*)\\s+)+", "");
    command = command.split("\\s+")[0];
    boolean known =
        command.contains("/")
            ? Files.isExecutable(Path.of(command)) && Files.isRegularFile(Path.of(command))
            : PLAIN_COMMANDS.contains(command);
    if (!known) {
      faults.add(text + ":" + (line + 1) + ": no such command: " + command);
    }
  }

  /** The commands of a line of shell, which operators outside of quotes hold apart. */
  private static List<String> simpleCommands(String line) {
    List<String> commands = new ArrayList<>();
    StringBuilder command = new StringBuilder();
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '#' && (i == 0 || Character.isWhitespace(line.charAt(i - 1)))) {
        break;
      } else if (isOperator(line, i)) {
        commands.add(command.toString());
        command.setLength(0);
        continue;
      }
      command.append(c);
    }
    commands.add(command.toString());
    return commands.stream().map(String::strip).filter(each -> !each.isEmpty()).toList();
  }

  /** True for {@code && || | ; & ( )}; the ampersand of {@code 2>&1} is none. */
  private static boolean isOperator(String line, int at) {
    char c = line.charAt(at);
    boolean redirects =
        c == '&'
            && (at > 0 && (line.charAt(at - 1) == '>' || line.charAt(at - 1) == '<')
                || at + 1 < line.length() && line.charAt(at + 1) == '>');
    return "&|;()".indexOf(c) >= 0 && !redirects;
  }

  /** Where a text is among its blocks of code, which backticks or tildes fence. */
  private static final class Fence {
    private static final Pattern OPENS = Pattern.compile("\\s*(?:>\\s*)?(```+|~~~+)\\s*([^`]*)");

    private enum Line {
      PROSE,
      MARKER,
      SHELL,
      OTHER
    }

    private String open = "";
    private boolean shell;

    Line take(String line) {
      Matcher marker = OPENS.matcher(line);
      if (open.isEmpty()) {
        if (!marker.matches()) {
          return Line.PROSE;
        }
        open = marker.group(1);
        shell = marker.group(2).strip().matches("(?i)(sh|bash|shell)\\b.*");
        return Line.MARKER;
      }
      if (marker.matches() && marker.group(1).startsWith(open) && marker.group(2).isBlank()) {
        open = "";
        return Line.MARKER;
      }
      return shell ? Line.SHELL : Line.OTHER;
    }
  }

  /** Paths in running text that begin in a folder of the repository have to be there. */
  private void paths(Path text, List<String> lines) {
    for (int i = 0; i < lines.size(); i++) {
      Matcher code = CODE.matcher(lines.get(i));
      while (code.find()) {
        String path = code.group(1).split("\\s+")[0];
        boolean ours = path.contains("/") && path.matches("[.\\w/-]+") && !path.startsWith("/");
        String first = path.split("/", 2)[0];
        if (ours && Files.isDirectory(Path.of(first)) && !Files.exists(Path.of(path))) {
          faults.add(text + ":" + (i + 1) + ": no such path: " + path);
        }
      }
    }
  }

  /** A line of imports names types that the API in docs/api has in these packages. */
  private void imports(Path text) throws IOException {
    Matcher line = IMPORTS.matcher(Files.readString(text));
    while (line.find()) {
      Matcher types = PACKAGE_TYPES.matcher(line.group());
      while (types.find()) {
        Matcher type = CODE.matcher(types.group(2));
        while (type.find()) {
          String name = types.group(1) + "." + type.group(1);
          if (API.stream().noneMatch(member -> member.startsWith(name + ":"))) {
            faults.add(text + ": docs/api has no public type " + name);
          }
        }
      }
    }
  }

  /**
   * A reader can compile each Java block: the page links its program, or the program's folder, or
   * its line of imports names each type of ours in the block.
   */
  private void programs(Path text, List<String> lines) throws IOException {
    String page = String.join("\n", lines);
    String prose = page.replaceAll("(?s)<!--.*?-->", "");
    Matcher imports = IMPORTS.matcher(page);
    String named = imports.find() ? imports.group() : "";
    for (int i = 1; i < lines.size(); i++) {
      Matcher snippet = SNIPPET.matcher(lines.get(i - 1).strip());
      Path source = Path.of(snippet.matches() ? snippet.group(1) : "");
      if (!Files.isRegularFile(source) || isLinked(text, source, prose)) {
        continue;
      }
      String code = block(lines, i).replaceAll("\"[^\"]*\"", "");
      Matcher type = IMPORT.matcher(Files.readString(source));
      while (type.find()) {
        String owner = type.group(2).substring(type.group(2).lastIndexOf('.') + 1);
        String name = type.group(3);
        boolean used = Pattern.compile("(?<![\\w.])" + name + "\\b").matcher(code).find();
        boolean shown =
            type.group(1) != null
                ? named.contains(owner + "`")
                : Pattern.compile("[`.]" + name + "`").matcher(named).find();
        if (used && !shown) {
          faults.add(
              text + ":" + i + ": links neither " + source + " nor names the import of " + name);
        }
      }
    }
  }

  private static boolean isLinked(Path text, Path source, String prose) {
    Matcher link = LINK.matcher(prose);
    while (link.find()) {
      Path target = text.resolveSibling(link.group(1).split("#", 2)[0]).normalize();
      if (target.equals(source) || target.equals(source.getParent())) {
        return true;
      }
    }
    return false;
  }

  /** A table of constants has one row for each constant of the enum in docs/api. */
  private void constants(Path text, List<String> lines) {
    for (int i = 0; i < lines.size(); i++) {
      Matcher marker = CONSTANTS.matcher(lines.get(i).strip());
      if (!marker.matches()) {
        continue;
      }
      String prefix = marker.group(1) + ": ";
      Set<String> constants = new TreeSet<>();
      for (String member : API) {
        String name = member.startsWith(prefix) ? member.substring(prefix.length()) : "";
        if (CONSTANT.matcher(name).matches()) {
          constants.add(name);
        }
      }
      Set<String> rows = new TreeSet<>();
      for (int row = i + 3; row < lines.size() && lines.get(row).startsWith("|"); row++) {
        Matcher code = CODE.matcher(lines.get(row).split("\\|")[1]);
        while (code.find()) {
          rows.add(code.group(1));
        }
      }
      if (constants.isEmpty() || !rows.equals(constants)) {
        faults.add(
            text
                + ":"
                + (i + 1)
                + ": the rows are "
                + rows
                + ", the constants of "
                + marker.group(1)
                + " are "
                + constants);
      }
    }
  }

  /** Each method of a client, and each operation on a rollout, is in a guide. */
  private void verbs(List<Path> texts) throws IOException {
    StringBuilder guides = new StringBuilder();
    for (Path text : texts) {
      if (text.startsWith("docs") && !text.startsWith("docs/decisions")) {
        guides.append(Files.readString(text));
      }
    }
    Set<String> missing = new TreeSet<>();
    for (String member : API) {
      Matcher method = API_METHOD.matcher(member);
      boolean counts =
          method.matches()
              && (CLIENTS.contains(method.group(1))
                  || (VALUES_WITH_OPERATIONS.contains(method.group(1))
                      && method.group(2).matches("(Planned)?Operation<.*|BackFill")));
      if (counts && !Pattern.compile("\\b" + method.group(3) + "\\(").matcher(guides).find()) {
        missing.add(method.group(1) + "." + method.group(3));
      }
    }
    missing.forEach(name -> faults.add("docs: no guide shows " + name + "(..)"));
  }

  /** The name of each page, and of each record of a decision, is its heading. */
  private void headings() throws IOException {
    for (Path folder : List.of(Path.of("docs"), Path.of("docs/decisions"))) {
      if (!Files.isDirectory(folder)) {
        continue;
      }
      try (Stream<Path> pages = Files.list(folder)) {
        for (Path page : pages.filter(CheckDocs::isMarkdown).sorted().toList()) {
          String heading = Files.readAllLines(page).get(0);
          String name =
              heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "")
                  + ".md";
          if (heading.startsWith("# ")
              && !page.endsWith("README.md")
              && !page.endsWith(name)) {
            faults.add(page + ": the heading is that of " + name);
          }
        }
      }
    }
  }

  /** Methods and members that the changelog adds are in docs/api. */
  private void additions() throws IOException {
    Path text = Path.of("CHANGELOG.md");
    if (!Files.exists(text)) {
      return;
    }
    Set<String> names = new HashSet<>();
    try (Stream<Path> files = Files.list(Path.of("docs/api"))) {
      for (Path file : files.toList()) {
        Matcher name = WORD.matcher(Files.readString(file));
        while (name.find()) {
          names.add(name.group());
        }
      }
    }
    boolean added = false;
    List<String> lines = Files.readAllLines(text);
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith("### ")) {
        added = lines.get(i).equals("### Added");
      }
      Matcher code = CODE.matcher(added ? lines.get(i) : "");
      while (code.find()) {
        if (MEMBER.matcher(code.group(1)).matches()) {
          Matcher name = WORD.matcher(code.group(1).replaceAll("\\([^()]*\\)", ""));
          while (name.find()) {
            if (!names.contains(name.group())) {
              faults.add(text + ":" + (i + 1) + ": not in docs/api: " + code.group(1));
            }
          }
        }
      }
    }
  }

  /** The page of commands names the package that scripts/mutation changes. */
  private void mutatedPackage() throws IOException {
    Path pom = Path.of("mesh-core/pom.xml");
    Path text = Path.of("docs/commands.md");
    if (!Files.exists(pom) || !Files.exists(text)) {
      return;
    }
    Matcher target = MUTATED.matcher(Files.readString(pom));
    String line =
        Files.readAllLines(text).stream()
            .filter(each -> each.contains("`scripts/mutation "))
            .findFirst()
            .orElse("");
    if (!target.find() || !line.contains("the package `" + target.group(1) + "`")) {
      faults.add(text + ": scripts/mutation changes another package, see mesh-core/pom.xml");
    }
  }

  /** Each code of a finding on a rule is in a table of a text. */
  private void ruleCodes() throws IOException {
    Path sources = Path.of("mesh-core/src/main/java");
    if (!Files.isDirectory(sources)) {
      return;
    }
    String tables =
        Files.readString(Path.of("docs/rules.md"))
            + Files.readString(Path.of("docs/compatibility.md"));
    try (Stream<Path> files = Files.walk(sources)) {
      for (Path source : files.filter(file -> file.toString().endsWith(".java")).toList()) {
        Matcher code = RULE_CODE.matcher(Files.readString(source));
        while (code.find()) {
          if (!tables.contains("| `" + code.group(1) + "` |")) {
            faults.add("docs/rules.md: no row for the code " + code.group(1) + " of " + source);
          }
        }
      }
    }
  }

  /** A block of Java is the lines between two tags of a source that the build compiles. */
  private void snippets(Path text, List<String> lines) throws IOException {
    for (int i = 0; i < lines.size(); i++) {
      boolean java = JAVA_BLOCK.matcher(lines.get(i).strip()).lookingAt();
      Matcher marker = SNIPPET.matcher(i == 0 ? "" : lines.get(i - 1).strip());
      if (java && i > 0 && FILE.matcher(lines.get(i - 1).strip()).matches()) {
        if (!Files.readString(Path.of(".ci/run")).contains("scripts/follow-text " + text)) {
          faults.add(
              text + ":" + i + ": .ci/run does not follow this text, so its files are not run");
        }
      } else if (java && !marker.matches()) {
        faults.add(text + ":" + (i + 1) + ": a Java block without a snippet comment right above");
      } else if (!java && marker.matches()) {
        faults.add(text + ":" + i + ": a snippet comment without a Java block right below");
      } else if (java) {
        String fault = snippetFault(marker.group(1), marker.group(2), block(lines, i));
        if (fault != null) {
          faults.add(text + ":" + (i + 1) + ": " + fault);
        }
      }
    }
  }

  private static String snippetFault(String path, String tag, String shown) throws IOException {
    Path source = Path.of(path);
    if (!path.matches("([\\w-]+/)+src/(main|test)/java/[\\w/]+\\.java") || !Files.exists(source)) {
      return "the snippet's source is not there or is not compiled: " + path;
    }
    StringBuilder region = new StringBuilder();
    int begun = 0;
    int ended = 0;
    for (String line : Files.readAllLines(source)) {
      String stripped = line.strip();
      if (stripped.equals("// tag::" + tag + "[]")) {
        begun++;
      } else if (stripped.equals("// end::" + tag + "[]")) {
        ended++;
      } else if (begun == ended + 1 && !TAG.matcher(stripped).matches()) {
        region.append(stripped);
      }
    }
    if (begun != 1 || ended != 1) {
      return "the tag is not there once, with its end: " + path + "#" + tag;
    }
    return withoutSpace(region.toString()).equals(withoutSpace(shown))
        ? null
        : "the block is not what stands in " + path + "#" + tag;
  }

  /**
   * A block of text is marked as output, or with a comment that says what else it is. A page that
   * shows the output of a program also shows each statement that prints it.
   */
  private void outputs(Path text, List<String> lines) throws IOException {
    Fence fence = new Fence();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      boolean opens =
          fence.take(lines.get(i)) == Fence.Line.MARKER
              && !fence.open.isEmpty()
              && line.matches("(```+|~~~+)\\s*(text)?");
      if (opens && !(i > 0 && lines.get(i - 1).strip().matches("<!-- .+ -->"))) {
        faults.add(
            text + ":" + (i + 1) + ": a text block without a comment right above, such as output:");
      }
      Matcher output = OUTPUT.matcher(line);
      if (output.matches()) {
        Set<String> tags = new HashSet<>();
        for (String each : lines) {
          Matcher snippet = SNIPPET.matcher(each.strip());
          if (snippet.matches() && snippet.group(1).equals(output.group(1))) {
            tags.add(snippet.group(2));
          }
        }
        hiddenPrints(Path.of(output.group(1)), tags)
            .forEach(
                print -> faults.add(text + ": shows the output but not the statement of " + print));
      }
    }
  }

  /** The lines of a program that print outside of all these tags. */
  private static List<String> hiddenPrints(Path source, Set<String> tags) throws IOException {
    List<String> hidden = new ArrayList<>();
    Set<String> open = new HashSet<>();
    List<String> lines = Files.exists(source) ? Files.readAllLines(source) : List.of();
    for (int i = 0; i < lines.size(); i++) {
      Matcher tag = NAMED_TAG.matcher(lines.get(i).strip());
      if (tag.matches() && tags.contains(tag.group(2))) {
        if (tag.group(1).equals("tag")) {
          open.add(tag.group(2));
        } else {
          open.remove(tag.group(2));
        }
      } else if (open.isEmpty() && PRINT.matcher(lines.get(i)).find()) {
        hidden.add(source + ":" + (i + 1));
      }
    }
    return hidden;
  }

  private static String block(List<String> lines, int fence) {
    StringBuilder block = new StringBuilder();
    for (int i = fence + 1; i < lines.size() && !lines.get(i).strip().matches("```+|~~~+"); i++) {
      block.append(lines.get(i));
    }
    return block.toString();
  }

  private static String withoutSpace(String text) {
    return text.replaceAll("\\s+", "");
  }

  /** A recipe is true only as long as the classes that it names are there. */
  private void recipes(Path text) throws IOException {
    Set<String> classes = new HashSet<>();
    try (Stream<Path> files = Files.walk(Path.of(""))) {
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".java"))
          .forEach(name -> classes.add(name.substring(0, name.length() - ".java".length())));
    }
    classes.add("FileIO"); // Iceberg's
    boolean recipes = false;
    List<String> lines = Files.readAllLines(text);
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith("## ")) {
        recipes = lines.get(i).equals("## Recipes");
      }
      Matcher code = CODE.matcher(recipes ? lines.get(i) : "");
      while (code.find()) {
        if (code.group(1).matches("[A-Z][A-Za-z0-9]*") && !classes.contains(code.group(1))) {
          faults.add(text + ":" + (i + 1) + ": no such class: " + code.group(1));
        }
      }
    }
  }

  private void twoCommands() throws IOException {
    List<String> blocks = new ArrayList<>();
    List<String> commands = new ArrayList<>();
    boolean section = false;
    Fence fence = new Fence();
    for (String line : Files.readAllLines(Path.of("README.md"))) {
      Fence.Line kind = fence.take(line);
      String stripped = line.strip();
      if (kind == Fence.Line.PROSE && line.startsWith("#")) {
        section = line.equals("## Two commands");
      } else if (section && kind == Fence.Line.MARKER && fence.shell && !fence.open.isEmpty()) {
        blocks.add(stripped);
      } else if (section && kind == Fence.Line.SHELL) {
        if (!stripped.isEmpty() && !stripped.startsWith("#")) {
          commands.add(stripped);
        }
      }
    }
    if (blocks.size() != 1 || commands.size() != 2) {
      faults.add("README.md: 'Two commands' needs one sh block of two lines, has: " + commands);
      return;
    }
    if (!commands.get(0).equals("scripts/quickstart")) {
      faults.add("README.md: the first of the two commands is not scripts/quickstart");
    }
    if (!Files.readAllLines(Path.of(".ci/run")).contains(commands.get(1))) {
      faults.add("README.md: the second of the two commands is not a line of .ci/run");
    }
  }
}
