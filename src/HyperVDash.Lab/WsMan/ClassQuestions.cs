using System.Globalization;
using System.Xml.Linq;
using HyperVDash.Cim.Wql;
using HyperVDash.Lab.Faults;
using HyperVDash.Lab.Hosts;

namespace HyperVDash.Lab.WsMan;

/// <summary>Which instances a question selects: a whole class, WQL, selectors or the neighbours of an object.</summary>
internal sealed class ClassQuestions(LabHost host, LabFaults faults)
{
    private static readonly XNamespace W = Names.W;

    public Enumeration Ask(SoapRequest request, Resource resource, RequestSubject subject)
    {
        string? mode = request.Parameter("EnumerationMode");
        bool hasKeys = request.Selectors.Keys.Any(k => !k.Equals("__cimnamespace", StringComparison.OrdinalIgnoreCase));
        if (request.Filter is { } filter)
        {
            return hasKeys
                ? throw new SoapFault("n:CannotProcessFilter", 0x803380FB, "A filter does not go together with selectors.")
                : Filtered(request, resource, filter, subject, mode);
        }

        if (hasKeys)
        {
            throw new SoapFault("w:InvalidSelectors", 0x80338108, "An enumeration takes no keys; use Get.");
        }

        return resource.Class == "*"
            ? throw new SoapFault("a:DestinationUnreachable", 0x8033803B, "An enumeration of all classes needs a filter.")
            : Rows(resource, resource.Class, null, null, mode, inQuery: false);
    }

    /// <param name="used">Columns that the question names; one that is not known makes it invalid.</param>
    public Enumeration Rows(Resource resource, string className, IReadOnlyList<string>? columns, Func<LabInstance, bool>? match, string? mode, bool inQuery,
        IReadOnlyList<string>? used = null)
    {
        Admit(resource, className);
        var classes = host.Release.WithDerived(resource.Namespace, className).Where(c => c.IsQueryable && host.HasClass(c)).ToList();
        bool isKnown = host.HasTable(resource.Namespace, className) || (classes.Count > 0 && !host.IsOpenEnded);
        if (faults.Find(host.Name, className, LabFaultKind.MissingClass) is not null || !isKnown)
        {
            throw SoapFault.InvalidClass(inQuery);
        }

        string? withheld = faults.Find(host.Name, className, LabFaultKind.MissingProperty)?.Parameter;
        foreach (string column in used ?? [])
        {
            bool isColumn = column.StartsWith("__", StringComparison.Ordinal) || host.IsOpenEnded || classes.Exists(c => c.Find(column) is not null);
            if (!isColumn || column.Equals(withheld, StringComparison.OrdinalIgnoreCase))
            {
                throw SoapFault.InvalidQuery($"The property {column} is not known.");
            }
        }

        var rows = faults.Find(host.Name, className, LabFaultKind.Empty) is not null
            ? []
            : host.Change(h =>
            {
                h.Refresh?.Invoke();
                var names = h.IsOpenEnded || classes.Count == 0 ? [className] : classes.Select(c => c.Name);
                return names.SelectMany(n => h.Table(resource.Namespace, n)).Where(i => match?.Invoke(i) ?? true).ToList();
            });
        return new Enumeration(resource, className, rows, columns, mode is "EnumerateEPR" or "EnumerateObjectAndEPR" ? mode : null);
    }

    /// <summary>Rights and errors of the class, and whether the namespace is there.</summary>
    public void Admit(Resource resource, string className)
    {
        if (faults.IsDenied(host.Name, resource.Namespace, className))
        {
            throw SoapFault.Denied();
        }

        if (host.Errors.TryGetValue((resource.Namespace, className), out uint error) || host.Errors.TryGetValue((resource.Namespace, ""), out error))
        {
            throw SoapFault.Wbem(error);
        }

        if (!host.HasNamespace(resource.Namespace) && !host.IsOpenEnded)
        {
            throw SoapFault.InvalidNamespace();
        }
    }

    private Enumeration Filtered(SoapRequest request, Resource resource, XElement filter, RequestSubject subject, string? mode)
    {
        string dialect = filter.Attribute("Dialect")?.Value ?? Names.Wql;
        if (dialect == Names.SelectorFilter)
        {
            var wanted = filter.Descendants(W + "Selector").ToDictionary(s => s.Attribute("Name")?.Value ?? "", s => s.Value, StringComparer.OrdinalIgnoreCase);
            return Rows(resource, resource.Class, null,
                i => wanted.All(w => string.Equals(Convert.ToString(i[w.Key], CultureInfo.InvariantCulture), w.Value, StringComparison.OrdinalIgnoreCase)), mode, inQuery: true);
        }

        if (dialect is not (Names.Wql or Names.AssociationFilter))
        {
            throw new SoapFault("n:FilterDialectRequestedUnavailable", 0x80338019, "The filter dialect is not supported.");
        }

        if (resource.Class != "*")
        {
            throw new SoapFault("n:CannotProcessFilter", 0x803380FB, "A query needs a resource URI that ends in /*.");
        }

        if (dialect == Names.AssociationFilter)
        {
            return Neighbours(resource, AssociationQuestion.Read(filter) ?? throw SoapFault.InvalidQuery("The association filter is not complete."), subject, mode);
        }

        subject.Wql = filter.Value.Trim();
        if (AssociationQuestion.Parse(subject.Wql) is { } neighbours)
        {
            return Neighbours(resource, neighbours, subject, mode);
        }

        WqlQuery query;
        try
        {
            query = WqlQuery.Parse(subject.Wql);
        }
        catch (WqlException bad)
        {
            throw SoapFault.InvalidQuery(bad.Message);
        }

        subject.Class = query.Class;
        return Rows(resource, query.Class, query.Columns.IsEmpty ? null : query.Columns, i => query.Matches(name => Value(i, name)), mode, inQuery: true,
            [.. query.Columns, .. query.ComparedColumns()]);
    }

    private Enumeration Neighbours(Resource resource, AssociationQuestion question, RequestSubject subject, string? mode)
    {
        subject.Class = question.ResultClass ?? question.Object.Class;
        Admit(resource, subject.Class);
        var rows = faults.Find(host.Name, subject.Class, LabFaultKind.Empty) is not null ? [] : host.Change(h =>
        {
            h.Refresh?.Invoke();
            return new Associations(h, resource.Namespace).Of(question);
        });
        return new Enumeration(resource, subject.Class, rows, null, mode is "EnumerateEPR" or "EnumerateObjectAndEPR" ? mode : null);
    }

    private object? Value(LabInstance instance, string name) => name.ToUpperInvariant() switch
    {
        "__SERVER" => host.Name,
        "__CLASS" => instance.ClassName,
        _ => instance[name],
    };
}
