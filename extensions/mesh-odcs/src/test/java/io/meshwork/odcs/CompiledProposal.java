package io.meshwork.odcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.contract.Contract;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles the Java that a proposal prints, and asks it for its contract. */
final class CompiledProposal {
  private static final Pattern NAME = Pattern.compile("public (?:record|final class) (\\w+)");

  private CompiledProposal() {}

  static Contract contract(ContractProposal proposal, Path folder) throws Exception {
    String java = proposal.asJava();
    Matcher name = NAME.matcher(java);
    assertThat(name.find()).as(java).isTrue();
    compile(java, Files.writeString(folder.resolve(name.group(1) + ".java"), java), folder);
    try (URLClassLoader classes =
        new URLClassLoader(
            new URL[] {folder.toUri().toURL()}, CompiledProposal.class.getClassLoader())) {
      Class<?> type = classes.loadClass(name.group(1));
      return (Contract) type.getMethod("contract").invoke(null);
    }
  }

  private static void compile(String java, Path file, Path folder) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      boolean compiled =
          compiler
              .getTask(
                  messages,
                  files,
                  null,
                  List.of(
                      "-d", folder.toString(), "-encoding", "US-ASCII", "-Xlint:all", "-Werror"),
                  null,
                  files.getJavaFileObjects(file))
              .call();
      assertThat(compiled).as("%s%n%s", messages, java).isTrue();
    }
  }
}
