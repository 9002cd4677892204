using System.Text;
using System.Xml.Linq;

namespace HyperVDash.Agent.Tests.Wire;

/// <summary>
/// What can happen to an answer on its way, or in a host that is out of order.
/// Some damage nobody can see, and it is not tried here: another digit or letter inside a value, a value exchanged for another of its type, an instance that is left out whole, and an
/// array that is left out, because hosts leave out those that are null.
/// </summary>
internal enum Damage
{
    /// <summary>The text ends early, and so does what was promised.</summary>
    Truncated,

    /// <summary>The connection breaks before the promised end.</summary>
    Closed,

    /// <summary>One bit of one byte: no longer UTF-8.</summary>
    FlippedBit,

    /// <summary>A sign of the markup is another one.</summary>
    FlippedMark,

    /// <summary>A column is missing from one instance.</summary>
    MissingProperty,

    /// <summary>A column has another name in one instance.</summary>
    RenamedProperty,

    /// <summary>A column comes twice in one instance.</summary>
    DuplicatedProperty,

    /// <summary>A number, a truth value or a date is a word.</summary>
    WrongType,

    /// <summary>A value is an element.</summary>
    NestedValue,

    /// <summary>An instance comes twice.</summary>
    DuplicatedInstance,

    /// <summary>An element of the protocol is missing.</summary>
    MissingElement,

    /// <summary>An element of the protocol has another name.</summary>
    RenamedElement,

    /// <summary>A fault instead of an answer.</summary>
    Fault,

    /// <summary>HTTP 500 and nothing more.</summary>
    EmptyAnswer,
}

/// <summary>Damages the bytes of an answer.</summary>
internal static class Damages
{
    private static readonly XNamespace Soap = "http://www.w3.org/2003/05/soap-envelope";
    private static readonly XNamespace Schema = "http://www.w3.org/2001/XMLSchema-instance";

    /// <summary>Facts may be unsaid after it, for a column is what it is about; they may never be others.</summary>
    public static bool IsOfOneColumn(Damage damage) => damage is Damage.MissingProperty or Damage.RenamedProperty or Damage.DuplicatedProperty or Damage.WrongType or Damage.NestedValue;

    /// <returns>Null: there is nothing in this answer to which it could happen.</returns>
    public static SoapAnswer? Do(Damage damage, SoapAnswer answer, Random random)
    {
        byte[] body = answer.Body;
        switch (damage)
        {
            case Damage.Truncated:
                return answer with { Body = body[..random.Next(body.Length - 12)] };
            case Damage.Closed:
                return answer with { Body = body[..random.Next(body.Length - 1)], IsCut = true };
            case Damage.FlippedBit:
                body = [.. body];
                body[random.Next(body.Length)] ^= 0x80;
                return answer with { Body = body };
            case Damage.FlippedMark:
                return FlipMark(answer, random);
            case Damage.Fault:
                return Fault(answer, random);
            case Damage.EmptyAnswer:
                return new(500, []);
            default:
                var envelope = XDocument.Parse(Encoding.UTF8.GetString(body), LoadOptions.PreserveWhitespace);
                return Change(damage, envelope, random) ? answer with { Body = Encoding.UTF8.GetBytes(envelope.ToString(SaveOptions.DisableFormatting)) } : null;
        }
    }

    /// <summary>A bracket of a tag that has a partner; an empty element without its bracket is text, and what it said was null.</summary>
    private static SoapAnswer? FlipMark(SoapAnswer answer, Random random)
    {
        string text = Encoding.UTF8.GetString(answer.Body);
        var marks = Enumerable.Range(0, text.Length).Where(i => text[i] == '<' && text.IndexOf('>', i) is var end && end > 0 && text[end - 1] != '/').ToList();
        int at = marks[random.Next(marks.Count)];
        return answer with { Body = Encoding.UTF8.GetBytes($"{text[..at]}{"{ \u00a4"[random.Next(3)]}{text[(at + 1)..]}") };
    }

    private static SoapAnswer Fault(SoapAnswer answer, Random random)
    {
        var envelope = XDocument.Parse(Encoding.UTF8.GetString(answer.Body));
        uint code = ((uint[])[0x80041001, 0x80041003, 0x80338029, 0x8033805B, 0x80338048])[random.Next(5)];
        envelope.Root!.Element(Soap + "Body")!.ReplaceNodes(XElement.Parse($"""
            <s:Fault xmlns:s="{Soap}"><s:Code><s:Value>s:Receiver</s:Value></s:Code><s:Reason><s:Text xml:lang="en-US">The host is out of order.</s:Text></s:Reason>
            <s:Detail><f:WSManFault xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault" Code="{code}" Machine="h"><f:Message>The host is out of order.</f:Message></f:WSManFault></s:Detail></s:Fault>
            """));
        return new(500, Encoding.UTF8.GetBytes(envelope.ToString(SaveOptions.DisableFormatting)));
    }

    private static bool Change(Damage damage, XDocument envelope, Random random)
    {
        var body = envelope.Root!.Element(Soap + "Body")!;
        var instances = body.Descendants().Where(e => e.Name.LocalName == "Items").SelectMany(i => i.Elements()).ToList();
        instances = instances.Count > 0 ? instances : [.. body.Elements().Where(e => e.Name.LocalName.EndsWith("_OUTPUT", StringComparison.Ordinal))];
        if (damage is Damage.MissingElement or Damage.RenamedElement)
        {
            // What holds the instances, and what tells how to go on.
            var elements = envelope.Descendants().Where(e => IsOfTheProtocol(e, damage)).ToList();
            return Pick(elements, random) is { } element && ChangeElement(damage, element);
        }

        if (Pick(instances, random) is not { } instance)
        {
            return false;
        }

        if (damage == Damage.DuplicatedInstance)
        {
            instance.AddAfterSelf(new XElement(instance));
            return instance.Name.LocalName is var name && !name.EndsWith("_OUTPUT", StringComparison.Ordinal);
        }

        // One of several alike is an element of an array; the loss of one is not seen.
        var properties = instance.Elements().GroupBy(e => e.Name).Where(g => g.Count() == 1).Select(g => g.Single());
        var fitting = damage == Damage.WrongType ? properties.Where(IsNoText) : damage == Damage.NestedValue ? properties.Where(p => !p.HasElements && p.Value.Length > 0) : properties;
        return Pick(fitting.ToList(), random) is { } property && ChangeProperty(damage, property);
    }

    private static bool IsOfTheProtocol(XElement element, Damage damage) => element.Name.LocalName switch
    {
        "Envelope" => damage == Damage.RenamedElement,
        "Body" or "EnumerateResponse" or "PullResponse" or "RelatesTo" => true,
        // Without instances there are none to lose; those of an answer that says that it is the end may be missing with their element.
        "Items" => damage == Damage.RenamedElement && element.HasElements,
        "EndOfSequence" => element.Parent!.Elements().Any(e => e.Name.LocalName == "Items" && e.HasElements),
        "EnumerationContext" => element.Value.Length > 0,
        _ => false,
    };

    private static bool ChangeElement(Damage damage, XElement element)
    {
        if (damage == Damage.MissingElement)
        {
            element.Remove();
        }
        else
        {
            element.Name = element.Name.Namespace + (element.Name.LocalName + "x");
        }

        return true;
    }

    private static bool ChangeProperty(Damage damage, XElement property)
    {
        switch (damage)
        {
            case Damage.MissingProperty:
                property.Remove();
                break;
            case Damage.RenamedProperty:
                property.Name = property.Name.Namespace + (property.Name.LocalName + "x");
                break;
            case Damage.DuplicatedProperty:
                property.AddAfterSelf(new XElement(property));
                break;
            case Damage.NestedValue:
                property.ReplaceNodes(new XElement("Value", property.Value));
                break;
            default:
                property.ReplaceNodes("no such value");
                break;
        }

        return true;
    }

    private static bool IsNoText(XElement property) => property.Attribute(Schema + "nil") is null
        && (property.Elements().Any(e => e.Name.LocalName is "Datetime" or "Interval") || long.TryParse(property.Value, out _) || bool.TryParse(property.Value, out _));

    private static T? Pick<T>(List<T> of, Random random) where T : class => of.Count == 0 ? null : of[random.Next(of.Count)];
}
