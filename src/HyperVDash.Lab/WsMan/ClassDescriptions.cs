using HyperVDash.Lab.Faults;
using HyperVDash.Lab.Hosts;
using HyperVDash.Lab.Schema;

namespace HyperVDash.Lab.WsMan;

/// <summary>
/// Describes classes, one by its name or all of a namespace, as Windows' own client wants them for Get-CimClass: by a name it asks for one, for a pattern it lists
/// all and picks among them itself.
/// </summary>
internal sealed class ClassDescriptions(LabHost host, LabFaults faults, ClassQuestions questions)
{
    private const string NameSelector = "ClassName";

    public byte[] Get(SoapRequest request, Resource resource, RequestSubject subject)
    {
        string className = Admit(request, resource, subject);
        var known = Known(resource.Namespace).FirstOrDefault(c => c.Name.Equals(className, StringComparison.OrdinalIgnoreCase)) ?? throw SoapFault.InvalidClass(inQuery: false);
        return Envelope.Write(request, Names.X + "/GetResponse", xml => ClassText.Of(request).Write(xml, known));
    }

    /// <summary>Without a class name, or with an empty one, every class; otherwise those derived from it.</summary>
    /// <remarks>Windows answers with grandchildren too. Whether it does so only with IncludeSubClasses is not confirmed; the bases of a lab have no grandchildren.</remarks>
    public Enumeration List(SoapRequest request, Resource resource, RequestSubject subject)
    {
        string className = Admit(request, resource, subject);
        var known = Known(resource.Namespace).ToList();
        if (className.Length > 0 && !known.Exists(c => c.Name.Equals(className, StringComparison.OrdinalIgnoreCase)))
        {
            throw SoapFault.InvalidClass(inQuery: false);
        }

        return new Enumeration(resource, className, [], null, null)
        {
            Classes = [.. known.Where(c => className.Length == 0 || className.Equals(c.Base, StringComparison.OrdinalIgnoreCase))],
            ClassText = ClassText.Of(request),
        };
    }

    private string Admit(SoapRequest request, Resource resource, RequestSubject subject)
    {
        if (host.WindowsVersion is ['6', '.', '0' or '1', ..])
        {
            // Class metadata came with 2012.
            throw new SoapFault("a:DestinationUnreachable", 0x8033803B, "The resource URI is not valid.");
        }

        string className = request.Selectors.GetValueOrDefault(NameSelector, "").Trim();
        subject.Class = className;
        questions.Admit(resource, className);
        return className;
    }

    /// <summary>What the host knows, bases first. Of a base that no schema lists only what its derived classes have in common is known.</summary>
    private IEnumerable<LabClass> Known(string cimNamespace)
    {
        var own = host.Release.Classes(cimNamespace).Where(c => host.HasClass(c) && (!host.IsOpenEnded || host.HasTable(cimNamespace, c.Name))).ToList();
        var bases = own.Where(c => c.Base is { } parent && host.Release.Find(cimNamespace, parent) is null).GroupBy(c => c.Base!, StringComparer.OrdinalIgnoreCase).Select(Base);
        return bases.Concat(own).Where(c => faults.Find(host.Name, c.Name, LabFaultKind.MissingClass) is null).OrderBy(c => c.Base is null ? 0 : 1).ThenBy(c => c.Name, StringComparer.OrdinalIgnoreCase);
    }

    private static LabClass Base(IGrouping<string, LabClass> derived) =>
        new(derived.Key, null, [.. derived.First().Keys.Where(k => derived.All(d => d.Keys.Contains(k, StringComparer.OrdinalIgnoreCase)))])
        {
            Properties = [.. derived.First().Properties.Where(p => derived.All(d => d.Find(p.Name) == p))],
            IsQueryable = false,
        };
}
