package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.cli.program.PeoplesFile.PublishedFile;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Generated files in many combinations of separators, patterns, numbers, words, charsets, texts for
 * null, and places of bad rows are published without an option, and no value is another.
 */
class PeoplesFileVariationsTest {
  private static final String[] SEPARATORS = {";", "\t", "|", ","};
  private static final String[] DATES = {
    "dd.MM.yyyy",
    "MM/dd/yyyy",
    "yyyy/MM/dd",
    "d.M.yy",
    "dd-MM-yyyy",
    "d/M/yyyy",
    "d MMM yyyy",
    "yyyy-MM-dd",
    "MMM d, yyyy",
    "dd/MM/yy"
  };
  private static final String[] TIMES = {
    "HH:mm", "HH:mm:ss", "h:mm a", "hh:mm:ss a", "H:mm", "HH:mm:ss.SSS"
  };
  private static final String[] WORDS = {
    "Ja/Nein", "Yes/No", "y/n", "oui/non", "TRUE/FALSE", "wahr/falsch", "Y/N"
  };
  private static final String[] NUMBERS = {",.", ".,", " ,", "'.", " .", "\u00a0,", "-,", "-."};
  private static final String[] NULLS = {"", "NULL", "\\N", "N/A", "NA", "-", "null", "n/a"};
  private static final String[] BEFORE = {
    "", "", "Bericht 2026\n\n", "# from a program\n# of 2026\n", "Bericht;;;;;;;\n", "sep=%\n"
  };
  private static final String[] CHARSETS = {"UTF-8", "windows-1252", "UTF-8 with mark", "UTF-16LE"};

  @TempDir private Path folder;

  /** One file, and what must be in the product. */
  private static final class GeneratedFile {
    private final Random random;
    private final String separator;
    private final String date;
    private final String time;
    private final String words;
    private final String number;
    private final String nullText;
    private final String charset;
    private final boolean header;
    private final String end;
    private final boolean quoteAll;
    private final String before;
    private final String trailing;
    private final List<String> lines = new ArrayList<>();
    private final List<Object> amounts = new ArrayList<>();
    private final List<Object> days = new ArrayList<>();
    private final List<Object> moments = new ArrayList<>();
    private final List<Object> gifts = new ArrayList<>();
    private final List<Object> cities = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();
    private final int rows;
    private int bad;

    GeneratedFile(long seed) {
      random = new Random(seed);
      separator = one(SEPARATORS);
      date = one(DATES);
      time = one(TIMES);
      words = one(WORDS);
      number = one(NUMBERS);
      nullText = one(NULLS);
      charset = one(CHARSETS);
      header = random.nextInt(3) > 0;
      end = random.nextBoolean() ? "\n" : "\r\n";
      quoteAll = random.nextInt(4) == 0;
      String first = one(BEFORE).replace("%", separator);
      before = header && (first.indexOf(';') < 0 || separator.equals(";")) ? first : "";
      trailing = header && random.nextInt(4) == 0 ? separator : "";
      rows = 300 + random.nextInt(300);
    }

    @SafeVarargs
    private <T> T one(T... all) {
      return all[random.nextInt(all.length)];
    }

    Path write(Path folder) throws IOException {
      if (header) {
        line(
            "Kunden-Nr",
            "Stra\u00dfe / Ort",
            "Betrag (EUR)",
            "Datum",
            "Zeitpunkt",
            "Geschenk?",
            "Rechner",
            "x2");
      }
      Set<Integer> bads = new HashSet<>();
      while (bads.size() < 1 + rows / 150) {
        bads.add(random.nextInt(rows));
      }
      for (int i = 0; i < rows; i++) {
        row(i, bads.contains(i) ? 1 + random.nextInt(5) : 0);
      }
      StringBuilder text =
          new StringBuilder(
              charset.contains("mark") || charset.startsWith("UTF-16") ? "\uFEFF" : "");
      text.append(before.replace("\n", end));
      lines.forEach(line -> text.append(line).append(end));
      return Files.write(
          folder.resolve(separator.equals("\t") ? "people.tsv" : "people.csv"),
          text.toString().getBytes(Charset.forName(charset.replace(" with mark", ""))));
    }

    private void row(int i, int fault) {
      BigDecimal amount = BigDecimal.valueOf(random.nextInt(200_000_000) - 20_000_000L, 2);
      LocalDate day = LocalDate.of(2026, 1, 1).plusDays(random.nextInt(365));
      LocalDateTime moment =
          day.atTime(
              LocalTime.of(
                  random.nextInt(24),
                  random.nextInt(60),
                  random.nextInt(60),
                  random.nextInt(1000) * 1_000_000));
      boolean gift = random.nextBoolean();
      String city =
          one("Z\u00fcrich", "K\u00f6ln", "S\u00e3o Paulo", "Bern", "Genf, CH; 1|2") + " " + i;
      boolean noAmount = random.nextInt(20) == 0;
      String code = String.format(Locale.ROOT, "%05d", i * 7);
      String pattern = date + " " + time;
      String[] cells = {
        code,
        city,
        noAmount ? null : amount(amount),
        format(date, day.atStartOfDay()),
        format(pattern, moment),
        words.split("/")[gift ? 0 : 1],
        random.nextInt(100, 256) + ".100.10" + random.nextInt(10) + "." + random.nextInt(100, 256),
        "+49" + random.nextInt(1_000_000, 9_999_999)
      };
      if (fault > 0) {
        bad++;
      }
      switch (fault) {
        case 1 -> line(Arrays.copyOf(cells, cells.length - 1));
        case 2 -> {
          String[] more = Arrays.copyOf(cells, cells.length + 1);
          more[cells.length] = "more";
          line(more);
        }
        case 3 -> line(with(cells, 2, "viel"));
        case 4 -> line(with(cells, 3, cells[3].replaceAll("[0-9]+", "99")));
        case 5 -> line(with(cells, 5, "vielleicht"));
        default -> {
          line(cells);
          amounts.add(noAmount ? null : amount);
          days.add(day);
          moments.add(LocalDateTime.parse(format(pattern, moment), formatter(pattern)));
          gifts.add(gift);
          cities.add(city);
          texts.add(cells[6] + " " + cells[7]);
        }
      }
    }

    private static String[] with(String[] cells, int position, String cell) {
      String[] changed = cells.clone();
      changed[position] = cell;
      return changed;
    }

    private String amount(BigDecimal amount) {
      String plain = amount.abs().toPlainString();
      int point = plain.indexOf('.');
      StringBuilder whole = new StringBuilder(plain.substring(0, point));
      char group = number.charAt(0);
      for (int at = whole.length() - 3; at > 0 && group != '-'; at -= 3) {
        whole.insert(at, group);
      }
      return (amount.signum() < 0 ? "-" : "")
          + whole
          + number.charAt(1)
          + plain.substring(point + 1);
    }

    private static DateTimeFormatter formatter(String pattern) {
      return DateTimeFormatter.ofPattern(pattern.replace("a", "a"), Locale.ENGLISH);
    }

    private static String format(String pattern, LocalDateTime time) {
      return formatter(pattern).format(time);
    }

    private void line(String... cells) {
      List<String> written = new ArrayList<>();
      for (String cell : cells) {
        if (cell == null) {
          written.add(nullText);
        } else {
          boolean quoted =
              quoteAll || cell.contains(separator) || cell.contains("\"") || cell.contains("\n");
          written.add(quoted ? '"' + cell.replace("\"", "\"\"") + '"' : cell);
        }
      }
      lines.add(String.join(separator, written) + trailing);
    }

    @Override
    public String toString() {
      return String.join(
          " ",
          "separator " + separator,
          "date " + date,
          "time " + time,
          words,
          "number " + number,
          "null " + nullText,
          charset,
          header ? "header" : "no header",
          quoteAll ? "quoted" : "",
          before.strip(),
          trailing.isEmpty() ? "" : "trailing separators");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void noValueIsAnother(long first) throws IOException {
    PeoplesFile files = PeoplesFile.in(folder);
    for (long seed = first * 100; seed < first * 100 + files(); seed++) {
      GeneratedFile generated = new GeneratedFile(seed);
      Path file = generated.write(folder);
      String what = "seed " + seed + ": " + generated;
      PublishedFile published;
      try {
        published = files.publish(file);
      } catch (AssertionError e) {
        throw new AssertionError(what, e);
      }
      assertThat(published.receipt().get("quarantined").asInt())
          .as(what + published.complaints())
          .isEqualTo(generated.bad);
      assertThat(published.rows()).as(what).hasSize(generated.rows - generated.bad);
      assertThat(published.kind("#1")).as(what).isEqualTo("string");
      assertThat(published.values(name(published, 1))).as(what).isEqualTo(generated.cities);
      List<Object> amounts = new ArrayList<>(published.values(name(published, 2)));
      amounts.replaceAll(value -> value == null ? null : ((BigDecimal) value).setScale(2));
      assertThat(amounts).as(what).isEqualTo(generated.amounts);
      assertThat(published.values(name(published, 3))).as(what).isEqualTo(generated.days);
      assertThat(published.values(name(published, 4))).as(what).isEqualTo(generated.moments);
      assertThat(published.values(name(published, 5))).as(what).isEqualTo(generated.gifts);
      assertThat(Collections.frequency(published.values(name(published, 0)), null)).isZero();
      List<String> texts = new ArrayList<>();
      List<Object> phones = published.values(name(published, 7));
      for (Object address : published.values(name(published, 6))) {
        texts.add(address + " " + phones.get(texts.size()));
      }
      assertThat(texts).as(what).isEqualTo(generated.texts);
    }
  }

  private static String name(PublishedFile published, int column) {
    return published.contract().schema().getFields().get(column).name();
  }

  private static int files() {
    return Integer.getInteger("people.files", 2);
  }
}
