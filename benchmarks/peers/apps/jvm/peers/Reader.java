package peers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;

/** Reads the fields that are needed, with Jackson's streaming parser, and checks them. */
final class Reader {
    private static final JsonFactory JSON = new JsonFactory();

    private Reader() {}

    static Event read(byte[] value) {
        Event event = new Event();
        int kind = -1;
        boolean consent = false;
        try (JsonParser parser = JSON.createParser(value)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return event;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken token = parser.nextToken();
                switch (name) {
                    case "type" -> kind = kindOf(text(parser, token));
                    case "event_id" -> event.id = text(parser, token);
                    case "campaign_id" -> event.campaign = text(parser, token);
                    case "person_id" -> event.person = text(parser, token);
                    case "event_time" -> event.time = millis(text(parser, token));
                    case "consent" -> consent = token == JsonToken.VALUE_TRUE;
                    default -> parser.skipChildren();
                }
            }
        } catch (IOException | DateTimeException | NumberFormatException error) {
            return event;
        }
        if (event.id.isEmpty() || event.campaign.isEmpty() || event.time == 0) {
            return event;
        }
        if (!consent || kind != 0) {
            event.person = "";
        }
        event.kind = kind;
        return event;
    }

    private static String text(JsonParser parser, JsonToken token) throws IOException {
        if (token != JsonToken.VALUE_STRING) {
            throw new IOException("not a text");
        }
        return parser.getText();
    }

    private static int kindOf(String type) {
        for (int kind = 0; kind < Event.KINDS.length; kind++) {
            if (Event.KINDS[kind].equals(type)) {
                return kind;
            }
        }
        return -1;
    }

    /** The usual form is read by its places: the parser of java.time takes longer than all else. */
    private static long millis(String time) {
        if (time.length() < 20 || time.charAt(4) != '-' || time.charAt(time.length() - 1) != 'Z') {
            return OffsetDateTime.parse(time).toInstant().toEpochMilli();
        }
        long day = LocalDate.of(number(time, 0, 4), number(time, 5, 7), number(time, 8, 10)).toEpochDay();
        long seconds = number(time, 11, 13) * 3600L + number(time, 14, 16) * 60L + number(time, 17, 19);
        return (day * 86_400 + seconds) * 1000;
    }

    private static int number(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }
}
