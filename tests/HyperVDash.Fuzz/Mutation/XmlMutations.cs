using System.Globalization;
using System.Text;

namespace HyperVDash.Fuzz.Mutation;

/// <summary>Changes that leave XML well-formed for the most part: what a sender could mean, and too much of it.</summary>
internal static class XmlMutations
{
    public static byte[] Mutate(byte[] input, Random random)
    {
        var elements = Elements(input);
        if (elements.Count == 0)
        {
            return [.. input, .. "<a/>"u8];
        }

        var one = elements[random.Next(elements.Count)];
        var other = elements[random.Next(elements.Count)];
        var text = input.AsSpan(one.From, one.To - one.From);
        return random.Next(12) switch
        {
            0 => Mutator.Spliced(input, one.From, one.To, []),
            1 => Mutator.Spliced(input, one.To, one.To, text),
            2 => Mutator.Spliced(input, one.From, one.To, input.AsSpan(other.From, other.To - other.From)),
            3 => Swapped(input, one, other),
            4 => Mutator.Spliced(input, one.From, one.To, Nested(text, random)),
            5 => Mutator.Spliced(input, one.OpenEnd, one.OpenEnd, Attributes(random)),
            6 => Mutator.Spliced(input, one.From, one.To, Renamed(text, random)),
            7 => [.. "<!DOCTYPE a [<!ENTITY b \"c\"><!ENTITY d \"&b;&b;&b;&b;\">]>"u8, .. Mutator.Spliced(input, one.OpenEnd + 1, one.OpenEnd + 1, "&d;"u8)],
            8 => Mutator.Spliced(input, one.OpenEnd + 1, one.OpenEnd + 1, Mixed(random)),
            9 => Mutator.Spliced(input, one.From, one.To, Unique(random)),
            10 => Mutator.Spliced(input, one.OpenEnd, one.OpenEnd, " xmlns=\"urn:x\""u8),
            _ => Mutator.Spliced(input, one.OpenEnd, one.OpenEnd, random.Next(2) == 0 ? " xsi:nil=\"true\""u8 : " xsi:type=\"p:Msvm_X_Type\""u8),
        };
    }

    /// <summary>Where elements begin and end, as far as the text is one.</summary>
    private static List<Element> Elements(ReadOnlySpan<byte> input)
    {
        var found = new List<Element>();
        var open = new Stack<(int From, int OpenEnd)>();
        for (int i = 0; i < input.Length; i++)
        {
            if (input[i] != '<' || input[i..].IndexOf((byte)'>') is not (> 1 and var length))
            {
                continue;
            }

            int end = i + length;
            if (input[i + 1] == '/')
            {
                if (open.TryPop(out var start))
                {
                    found.Add(new(start.From, start.OpenEnd, end + 1));
                }
            }
            else if (input[i + 1] is not ((byte)'!' or (byte)'?'))
            {
                if (input[end - 1] == '/')
                {
                    found.Add(new(i, end - 1, end + 1));
                }
                else
                {
                    open.Push((i, end));
                }
            }

            i = end;
        }

        return found;
    }

    private static byte[] Swapped(byte[] input, Element one, Element other)
    {
        var (first, second) = one.From <= other.From ? (one, other) : (other, one);
        return first.To > second.From ? input
            : [.. input[..first.From], .. input[second.From..second.To], .. input[first.To..second.From], .. input[first.From..first.To], .. input[second.To..]];
    }

    private static byte[] Nested(ReadOnlySpan<byte> text, Random random)
    {
        int depth = 1 << random.Next(1, 12);
        string name = random.Next(3) switch { 0 => "a", 1 => "p:EndpointReference", _ => "Selector" };
        return [.. Repeated(_ => $"<{name}>", depth), .. text, .. Repeated(_ => $"</{name}>", depth)];
    }

    private static byte[] Attributes(Random random) => Repeated(i => $" a{i}=\"{i}\"", 1 << random.Next(1, 11));

    private static byte[] Renamed(ReadOnlySpan<byte> text, Random random)
    {
        string[] names = ["Datetime", "Address", "ReferenceParameters", "ResourceURI", "SelectorSet", "Selector Name=\"x\"", "Item", "XmlFragment", "Fault", "VALUE", "PROPERTY NAME=\"Name\"", "PROPERTY.ARRAY NAME=\"Data\"", "INSTANCE", "b"];
        string name = names[random.Next(names.Length)];
        int open = text.IndexOf((byte)'>');
        int close = text.LastIndexOf("</"u8);
        return open < 0 || close < open ? Encoding.UTF8.GetBytes($"<{name}/>") : [.. Encoding.UTF8.GetBytes($"<{name}>"), .. text[(open + 1)..close], .. Encoding.UTF8.GetBytes($"</{name.Split(' ')[0]}>")];
    }

    /// <summary>Text in many pieces, with something between them that is none.</summary>
    private static byte[] Mixed(Random random)
    {
        string between = random.Next(4) switch { 0 => "<!-- -->", 1 => "<b/>", 2 => "<?p?>", _ => "<![CDATA[y]]>" };
        string text = random.Next(2) == 0 ? " " : "x";
        return Repeated(_ => text + between, 1 << random.Next(1, 12));
    }

    /// <summary>Rows whose columns are never the same.</summary>
    private static byte[] Unique(Random random)
    {
        int count = 1 << random.Next(1, 11);
        bool isRow = random.Next(2) == 0;
        return Repeated(i => isRow ? $"<p><c{i}>1</c{i}></p>" : $"<c{i}>1</c{i}>", count);
    }

    private static byte[] Repeated(Func<int, string> part, int times)
    {
        var all = new StringBuilder();
        for (int i = 0; i < times; i++)
        {
            all.Append(CultureInfo.InvariantCulture, $"{part(i)}");
        }

        return Encoding.UTF8.GetBytes(all.ToString());
    }

    /// <param name="OpenEnd">The place of the <c>&gt;</c> or <c>/&gt;</c> of the start tag.</param>
    private readonly record struct Element(int From, int OpenEnd, int To);
}
