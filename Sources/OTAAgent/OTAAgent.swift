@main enum OTAAgent { static func main() {} }
